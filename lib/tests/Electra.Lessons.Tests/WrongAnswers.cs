namespace Electra.Lessons.Tests;

/// <summary>An answer to an exercise that looks right and is not.</summary>
/// <param name="Lesson">The lesson's number, two digits.</param>
/// <param name="Exercise">The exercise's number.</param>
/// <param name="Named">What the check must say of it.</param>
/// <param name="Code">What stands in the lesson's cell in place of the paragraph with "your code here".</param>
internal sealed record WrongAnswer(string Lesson, int Exercise, string Named, string Code);

internal static class WrongAnswers
{
    public static readonly WrongAnswer[] All =
    [
        new("00", 1, "axis 0 (counted from 0) is not right", "Tensor mine = ones(3, 4);"),
        new("00", 1, "too small", "Tensor mine = zeros(4, 3);"),
        new("00", 1, "an axis too many", "Tensor mine = ones(1, 4, 3);"),
        new("00", 2, "too large", "int? longPositive = data.Test.Count(review => review.Label == 1);"),
        new("00", 2, "found", "int? longPositive = data.Test.Count(review => review.Document.Length > 30);"),
        new("00", 2, "found", "int? longPositive = data.Train.Count(review => review.Label == 1 && review.Document.Length > 30);"),
        new("00", 3, "has the probability", "string review = \"배우들 연기가 정말 좋았다\";"),
        new("00", 3, "no Korean", "string review = \"The worst film. Boring.\";"),
        new("00", 4, "too", "double? share = 1 - record.CorrectRows.Take(50).Count(one => one) / 50.0;"),
        new("00", 4, "a percentage", "double? share = record.CorrectRows.Take(50).Count(one => one) * 2;"),
        new("00", 4, "too", "double? share = record.CorrectRows.Count(one => one) / (double)record.CorrectRows.Count();"),

        new("01", 1, "mean of the reviews' own means", """
            double? piecesPerWord = train.Average(one => tokenizer.Tokenize(one.Document).Count
                / (double)one.Document.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
            """),
        new("01", 1, "[CLS] and [SEP] are among", """
            double? piecesPerWord = train.Sum(one => tokenizer.Encode(one.Document).Length)
                / (double)train.Sum(one => one.Document.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
            """),
        new("01", 1, "words a token", """
            double? piecesPerWord = train.Sum(one => one.Document.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length)
                / (double)train.Sum(one => tokenizer.Tokenize(one.Document).Count);
            """),
        new("01", 2, "of the type Bool", "Tensor rebuilt = paddedIds.ne(tokenizer.PadId);"),
        new("01", 2, "of the type Float32", "Tensor rebuilt = paddedIds.ne(tokenizer.PadId).to(float32);"),
        new("01", 2, "the value at [0, 0]", "Tensor rebuilt = paddedIds.eq(tokenizer.PadId).to(int64);"),
        new("01", 2, "an axis too many", "Tensor rebuilt = paddedIds.ne(tokenizer.PadId).to(int64).unsqueeze(1);"),
        new("01", 3, "for the tokens", """
            string Decode(IEnumerable<string> pieces) => string.Join(' ', pieces.Skip(1).SkipLast(1)).Replace(" ##", "");
            """),
        new("01", 3, "for the tokens", """string Decode(IEnumerable<string> pieces) => "시간이 아까웠다 재관람 없다";"""),
        new("01", 3, "which is right up to character", """
            string Decode(IEnumerable<string> pieces) =>
                string.Join(' ', pieces.Where(piece => piece is not ("[CLS]" or "[SEP]" or "[PAD]"))).Replace("##", "");
            """),
        new("01", 3, "[PAD]", """
            string Decode(IEnumerable<string> pieces) =>
                string.Join(' ', pieces.Where(piece => piece is not ("[CLS]" or "[SEP]"))).Replace(" ##", "");
            """),
        new("01", 4, "row 1 has other ids", """
            Batch mine = Batch.From([tokenizer.Encode(three[0]), tokenizer.Encode(three[0]), tokenizer.Encode(three[0])], length: 16);
            long? padding = mine.AttentionMask.numel() - mine.AttentionMask.sum().item<long>();
            """),
        new("01", 4, "axis 1 (counted from 0) is not right", """
            Batch mine = Batch.From([.. three.Select(one => tokenizer.Encode(one))]);
            long? padding = mine.AttentionMask.numel() - mine.AttentionMask.sum().item<long>();
            """),
        new("01", 4, "the padding: found", """
            Batch mine = Batch.From([.. three.Select(one => tokenizer.Encode(one))], length: 16);
            long? padding = mine.AttentionMask.sum().item<long>();
            """),

        new("02", 1, "a little too small", "long? count = (4L * H * H) + (2 * H * I) + (4 * H);"),
        new("02", 1, "a little too small", "long? count = (4 * ((H * H) + H)) + (H * I) + I + (H * I) + H;"),
        new("02", 1, "a little too large", "long? count = (4 * ((H * H) + H)) + (H * I) + I + (H * I) + H + (4 * H) + H;"),
        new("02", 2, "padding gets a share", "Tensor attention = rawScores.softmax(-1);"),
        new("02", 2, "probabilities make 1", "Tensor attention = rawScores.softmax(-1) * isText;"),
        new("02", 2, "padding gets a share", "Tensor attention = (rawScores * isText).softmax(-1);"),
        new("02", 2, "the value at [0]", "Tensor attention = isText / isText.sum();"),
        new("02", 3, "the value at [0, 0]", "Tensor mean = both.LastHiddenState.mean([1L]);"),
        new("02", 3, "the value at [0, 0]", "Tensor mean = (both.LastHiddenState * mask).mean([1L]);"),
        new("02", 3, "the value at [0, 0]", "Tensor mean = (both.LastHiddenState * mask).sum([1L]);"),
        new("02", 3, "the value at [1, 0]", "Tensor mean = (both.LastHiddenState * mask).sum([1L]) / mask[0].sum();"),
        new("02", 3, "the value at [0, 0]", "Tensor mean = both.LastHiddenState[.., 0];"),
        new("02", 4, "it gives 0", "int MostAttended(Tensor layer) => (int)layer.mean([0L])[0].argmax().item<long>();"),
        new("02", 4, "it gives 1", "int MostAttended(Tensor layer) => (int)layer.mean([0L])[0, 1..].argmax().item<long>();"),
        new("02", 4, "it gives", "int MostAttended(Tensor layer) => 1 + (int)layer[0][0, 1..].argmax().item<long>();"),
        new("02", 4, "it gives", "int MostAttended(Tensor layer) => 1 + (int)layer.mean([0L])[1.., 0].argmax().item<long>();"),
        new("02", 4, "it gives 2", "int MostAttended(Tensor layer) => 2;"),

        new("03", 1, "[CLS]: found the shape [32, 1, 768]",
            "long[] clsShape = [32, 1, 768], logitsShape = [32, 5]; long? numbers = (768 * 768) + 768 + (5 * 768) + 5;"),
        new("03", 1, "logits: found the shape [32, 2]",
            "long[] clsShape = [32, 768], logitsShape = [32, 2]; long? numbers = (768 * 768) + 768 + (5 * 768) + 5;"),
        new("03", 1, "numbers: found", "long[] clsShape = [32, 768], logitsShape = [32, 5]; long? numbers = (768 * 768) + (5 * 768);"),
        new("03", 2, "large logits", "Tensor Softmax(Tensor x) => x.exp() / x.exp().sum(1, keepdim: true);"),
        new("03", 2, "for large logits", """
            Tensor Softmax(Tensor x)
            {
                var powers = (x - x.max()).exp();
                return powers / powers.sum(1, keepdim: true);
            }
            """),
        new("03", 2, "small logits", "Tensor Softmax(Tensor x) => nn.functional.softmax(x, 0);"),
        new("03", 2, "small logits", "Tensor Softmax(Tensor x) => x / x.sum(1, keepdim: true);"),
        new("03", 3, "the value at", "Tensor FcHead(Tensor x, Dictionary<string, Tensor> w) => library;"),
        new("03", 3, "the value at", """
            Tensor FcHead(Tensor x, Dictionary<string, Tensor> w)
            {
                var dense = x[.., 0].matmul(w["dense.weight"].t()) + w["dense.bias"];
                return dense.matmul(w["out_proj.weight"].t()) + w["out_proj.bias"];
            }
            """),
        new("03", 3, "the value at", """
            Tensor FcHead(Tensor x, Dictionary<string, Tensor> w)
            {
                var dense = x.mean([1L]).matmul(w["dense.weight"].t()) + w["dense.bias"];
                return nn.functional.gelu(dense).matmul(w["out_proj.weight"].t()) + w["out_proj.bias"];
            }
            """),
        new("03", 3, "the value at", """
            Tensor FcHead(Tensor x, Dictionary<string, Tensor> w) =>
                nn.functional.gelu(x[.., 0].matmul(w["dense.weight"].t())).matmul(w["out_proj.weight"].t());
            """),
        new("03", 3, "the value at", """
            Tensor FcHead(Tensor x, Dictionary<string, Tensor> w)
            {
                var dense = x[.., 0].matmul(w["dense.weight"]) + w["dense.bias"];
                return nn.functional.gelu(dense).matmul(w["out_proj.weight"].t()) + w["out_proj.bias"];
            }
            """),
        new("03", 3, "the value at", """
            Tensor FcHead(Tensor x, Dictionary<string, Tensor> w)
            {
                var dense = x[.., 0].matmul(weights["dense.weight"].t()) + weights["dense.bias"];
                return nn.functional.gelu(dense).matmul(weights["out_proj.weight"].t()) + weights["out_proj.bias"];
            }
            """),
        new("03", 4, "accuracy", "double? accuracy = 240 / 600.0, precision = 210 / 270.0, recall = 0.7;"),
        new("03", 4, "precision", "double? accuracy = 0.75, precision = 0.7, recall = 210 / 270.0;"),
        new("03", 4, "recall: found 0.8", "double? accuracy = 0.75, precision = 210 / 270.0, recall = 0.8;"),
        new("03", 4, "a percentage", "double? accuracy = 75, precision = 210 / 270.0, recall = 0.7;"),
        new("03", 5, "right but for its sign", "double? fiveLabels = Math.Log(1 / 5.0), probability = Math.Exp(-0.1);"),
        new("03", 5, "five labels", "double? fiveLabels = Math.Log(2), probability = Math.Exp(-0.1);"),
        new("03", 5, "probability", "double? fiveLabels = Math.Log(5), probability = 1 - 0.1;"),

        new("04", 1, "for 32 tokens and windows of 2", "int? Windows(int tokens, int height) => tokens - height;"),
        new("04", 1, "for 32 tokens and windows of 3", "int? Windows(int tokens, int height) => tokens - 1;"),
        new("04", 1, "too small", "int? Windows(int tokens, int height) => tokens / height;"),
        new("04", 2, "too small", "int? size = (128 * 2 * 768) + (2 * 128);"),
        new("04", 2, "too large", "int? size = 592_130;"),
        new("04", 3, "axis 1", """
            Tensor Convolve(Tensor x, Tensor filters, Tensor biases) =>
                x[.., ..^1].matmul(filters[.., 0, 0].t()) + x[.., 1..].matmul(filters[.., 0, 1].t()) + biases;
            """),
        new("04", 3, "the value at", """
            Tensor Convolve(Tensor x, Tensor filters, Tensor biases) =>
                (x[.., ..^1].matmul(filters[.., 0, 1].t()) + x[.., 1..].matmul(filters[.., 0, 0].t()) + biases).transpose(1, 2);
            """),
        new("04", 3, "the value at", """
            Tensor Convolve(Tensor x, Tensor filters, Tensor biases) =>
                (x[.., ..^1].matmul(filters[.., 0, 0].t()) + x[.., 1..].matmul(filters[.., 0, 1].t())).transpose(1, 2);
            """),
        new("04", 3, "the value at", "Tensor Convolve(Tensor x, Tensor filters, Tensor biases) => answers;"),
        new("04", 4, "the value at", "Tensor Strongest(Tensor windows, Tensor attentionMask) => windows.amax([-1]);"),
        new("04", 4, "is too large", """
            Tensor Strongest(Tensor windows, Tensor attentionMask)
            {
                var mask = attentionMask.to(ScalarType.Bool);
                var outside = mask[.., ..^1].logical_and(mask[.., 1..]).logical_not().unsqueeze(1);
                return windows.masked_fill(outside, 0).amax([-1]);
            }
            """),
        new("04", 4, "the value at", """
            Tensor Strongest(Tensor windows, Tensor attentionMask)
            {
                var outside = attentionMask[.., ..^1].eq(0).unsqueeze(1);
                return windows.masked_fill(outside, float.NegativeInfinity).amax([-1]);
            }
            """),
        new("04", 5, "1 of 2 answers is right", "bool? tellsOrder = true, counts = false;"),
        new("04", 5, "1 of 2 answers is right", "bool? tellsOrder = false, counts = true;"),
        new("04", 5, "0 of 2 answers are right", "bool? tellsOrder = true, counts = true;"),

        new("05", 1, "outputs: found the shape [16, 30, 256]",
            "long[] outputShape = [16, 30, 256], stateShape = [2, 16, 256]; int? size = 1_052_672;"),
        new("05", 1, "final states: found the shape [16, 2, 256]",
            "long[] outputShape = [16, 30, 512], stateShape = [16, 2, 256]; int? size = 1_052_672;"),
        new("05", 1, "size: found 526336", "long[] outputShape = [16, 30, 512], stateShape = [2, 16, 256]; int? size = 526_336;"),
        new("05", 2, "for a row of 1 token", "Tensor ReadBackwards(Tensor x) => lstm.call(threeX[..1]).Item2[1];"),
        new("05", 2, "for a row of 3 tokens", """
            Tensor ReadBackwards(Tensor x) => Step(x[.., -1], zeros(1, H), zeros(1, H), "_reverse").Hidden;
            """),
        new("05", 2, "for a row of 3 tokens", """
            Tensor ReadBackwards(Tensor x)
            {
                var (h, c) = (zeros(1, H), zeros(1, H));
                for (int position = 0; position < x.shape[1]; position++)
                {
                    (h, c) = Step(x[.., position], h, c, "_reverse");
                }
                return h;
            }
            """),
        new("05", 2, "for a row of 1 token", """
            Tensor ReadBackwards(Tensor x)
            {
                var (h, c) = (zeros(1, H), zeros(1, H));
                for (int position = (int)x.shape[1] - 1; position >= 0; position--)
                {
                    (h, c) = Step(x[.., position], h, c);
                }
                return h;
            }
            """),
        new("05", 2, "for a row of 3 tokens", """
            Tensor ReadBackwards(Tensor x)
            {
                var (h, c) = (zeros(1, H), zeros(1, H));
                for (int position = (int)x.shape[1] - 1; position > 0; position--)
                {
                    (h, c) = Step(x[.., position], h, c, "_reverse");
                }
                return x.shape[1] == 1 ? Step(x[.., 0], h, c, "_reverse").Hidden : h;
            }
            """),
        new("05", 3, "the value at [1, 0]", "Tensor ForwardStates(Tensor outputs, Tensor attentionMask) => outputs[.., -1, ..H];"),
        new("05", 3, "the value at [0, 0]", "Tensor ForwardStates(Tensor outputs, Tensor attentionMask) => outputs[.., 0, ..H];"),
        new("05", 3, "axis 1", """
            Tensor ForwardStates(Tensor outputs, Tensor attentionMask)
            {
                long[] lengths = [.. attentionMask.sum(1).data<long>()];
                return stack([.. lengths.Select((length, row) => outputs[row, length - 1])]);
            }
            """),
        new("05", 3, "the value at [0, 0]", """
            Tensor ForwardStates(Tensor outputs, Tensor attentionMask)
            {
                long[] lengths = [.. attentionMask.sum(1).data<long>()];
                return stack([.. lengths.Select((length, row) => outputs[row, length - 1, H..])]);
            }
            """),
        new("05", 4, "1 of 2 answers is right", "bool? longestRow = true, paddedRow = true;"),
        new("05", 4, "0 of 2 answers are right", "bool? longestRow = false, paddedRow = true;"),
        new("05", 5, "the memory becomes", "int? f = 0, i = 1;"),
        new("05", 5, "the memory becomes", "int? f = 1, i = 1;"),
        new("05", 5, "a closed one 0", "int? f = 1, i = -1;"),

        new("06", 1, "the last [SEP] is among them", "int? contextTokens = row.TokenTypeIds.Sum();"),
        new("06", 1, "too large", "int? contextTokens = row.Length;"),
        new("06", 1, "too", "int? contextTokens = row.SequenceIds.Count(s => s == 0);"),
        new("06", 2, "ends before it begins", "(int First, int Last)? best = (1, 0);"),
        new("06", 2, "has 4 tokens", "(int First, int Last)? best = (1, 4);"),
        new("06", 2, "there is a span with a greater one", "(int First, int Last)? best = (1, 2);"),
        new("06", 2, "there is no such token", "(int First, int Last)? best = (4, 5);"),
        new("06", 3, "given", """
            double CharacterF1(string given, string known)
            {
                string a = given.Replace(" ", ""), b = known.Replace(" ", "");
                double shared = a.Count(b.Contains), precision = shared / a.Length, recall = shared / b.Length;
                return shared == 0 ? 0 : 2 * precision * recall / (precision + recall);
            }
            """),
        new("06", 3, "given", """
            double CharacterF1(string given, string known)
            {
                double shared = given.Distinct().Sum(c => Math.Min(given.Count(x => x == c), known.Count(x => x == c)));
                double precision = shared / given.Length, recall = shared / known.Length;
                return shared == 0 ? 0 : 2 * precision * recall / (precision + recall);
            }
            """),
        new("06", 3, "it gives NaN", """
            double CharacterF1(string given, string known)
            {
                string a = given.Replace(" ", ""), b = known.Replace(" ", "");
                double shared = a.Distinct().Sum(c => Math.Min(a.Count(x => x == c), b.Count(x => x == c)));
                double precision = shared / a.Length, recall = shared / b.Length;
                return 2 * precision * recall / (precision + recall);
            }
            """),
        new("06", 3, "it gives", "double CharacterF1(string given, string known) => given == known ? 1 : 0;"),
        new("06", 4, "room for", "int Windows(int n, int room, int stride) => 1 + ((n - room) / (room - stride));"),
        new("06", 4, "room for", "int Windows(int n, int room, int stride) => (n + room - 1) / room;"),
        new("06", 4, "room for", "int Windows(int n, int room, int stride) => (int)Math.Ceiling((n - room) / (double)(room - stride));"),

        new("07", 1, "too few", """string[] myTags = ["B-DT", "I-DT", "O", "B-LC", "I-LC", "O", "O"];"""),
        new("07", 1, "at place 4", """string[] myTags = ["B-DT", "I-DT", "O", "B-LC", "B-LC", "O", "O", "O", "O", "O"];"""),
        new("07", 1, "at place 5", """string[] myTags = ["B-DT", "I-DT", "O", "B-LC", "I-LC", "I-LC", "I-LC", "O", "O", "O"];"""),
        new("07", 2, "it gives no entity", """
            List<(string Type, int Start, int End)> MySpans(IReadOnlyList<string> tags) => [];
            """),
        new("07", 2, "B-DT I-DT B-LC", """
            List<(string Type, int Start, int End)> MySpans(IReadOnlyList<string> tags)
            {
                var spans = new List<(string, int, int)>();
                int start = -1;
                for (int i = 0; i <= tags.Count; i++)
                {
                    if (start >= 0 && (i == tags.Count || tags[i] == "O"))
                    {
                        spans.Add((tags[start][2..], start, i));
                        start = -1;
                    }
                    if (start < 0 && i < tags.Count && tags[i].StartsWith("B-")) start = i;
                }
                return spans;
            }
            """),
        new("07", 2, "the tags B-PS B-PS", """
            List<(string Type, int Start, int End)> MySpans(IReadOnlyList<string> tags)
            {
                var spans = new List<(string, int, int)>();
                int start = -1;
                for (int i = 0; i < tags.Count; i++)
                {
                    if (start >= 0 && !tags[i].StartsWith("I-"))
                    {
                        spans.Add((tags[start][2..], start, i));
                        start = -1;
                    }
                    if (tags[i].StartsWith("B-")) start = i;
                }
                return spans;
            }
            """),
        new("07", 3, "precision", "double? precision = 1.0 / 3, recall = 1.0 / 4, f1 = 2.0 / 7;"),
        new("07", 3, "precision", "double? precision = 2.0 / 4, recall = 1.0 / 3, f1 = 2.0 / 7;"),
        new("07", 3, "F1", "double? precision = 1.0 / 4, recall = 1.0 / 3, f1 = (1.0 / 4 + 1.0 / 3) / 2;"),
        .. Differences("published", "(a - b).abs().mean().item<float>()"),
        .. Differences("published", "(a - b).max().item<float>()", "(b - a).max().item<float>()"),
        .. Differences("published", "(a - b)[0, -1].abs().max().item<float>()"),
        .. Differences("published", "variant == HeadVariant.Published ? 1 : 0", "0"),

        new("08", 1, "too small", "double? rows = 0.9 * 0.1 / 0.001;"),
        new("08", 1, "too large", "double? rows = 0.9 / (0.001 * 0.001);"),
        new("08", 2, "p: found", "double? p = 1820 / 65536.0; bool? isDifference = true;"),
        new("08", 2, "p: found", "double? p = 2517 / 65536.0; bool? isDifference = true;"),
        new("08", 2, "difference: compare", "double? p = 2 * 2517 / 65536.0; bool? isDifference = true;"),
        new("08", 3, "the value at [0]", "double[] Holm(double[] p) => p;"),
        new("08", 3, "the value at [1]", "double[] Holm(double[] p) => [.. p.Select(one => Math.Min(1, one * p.Length))];"),
        new("08", 3, "the value at [2]",
            "double[] Holm(double[] p) => [.. p.Order().Select((one, i) => Math.Min(1, one * (p.Length - i)))];"),
        new("08", 3, "the value at [1]", """
            double[] Holm(double[] p) => [.. p.Select(one => Math.Min(1, one * p.Count(other => other >= one)))];
            """),
        new("08", 4, "number 0 of token 1 becomes the greatest", MaxHead("lastHiddenState[.., 0]")), // reads [CLS] only
        new("08", 4, "number 0 of token 0 becomes the greatest", MaxHead("zeros(lastHiddenState.shape[0], lastHiddenState.shape[2])")),
        new("08", 4, "with padding than alone", MaxHead("lastHiddenState.amax([1])")),
        new("08", 4, "with padding than alone", MaxHead("(lastHiddenState * attentionMask.unsqueeze(-1)).amax([1])")),
        new("08", 4, "all its tokens have the greatest numbers", MaxHead(
            "(lastHiddenState * attentionMask.unsqueeze(-1)).sum([1L]) / attentionMask.sum(1, keepdim: true)")), // the mean
        new("08", 4, "the code stopped with", MaxHead("lastHiddenState.amax([2])")),
        new("08", 4, "found the shape [2, 8]", MaxHead("lastHiddenState.amax([1])", linear: false)),
        new("08", 5, "3 of 4 answers are right", "bool? first = true, second = true, third = false, fourth = true;"),
        new("08", 5, "0 of 4 answers are right", "bool? first = true, second = false, third = true, fourth = false;"),

        new("09", 1, "chosen: found", "double? chosen = 0.15 * 101, behindMask = 0.85 * 16;"),
        new("09", 1, "chosen: found 15", "double? chosen = 15, behindMask = 12.75;"),
        new("09", 1, "behind [MASK]: found 16", "double? chosen = 16, behindMask = 16;"),
        new("09", 2, "too small", "double? majority = replaced.to(float32).mean().item<float>();"),
        new("09", 2, "too small", "double? majority = 0.5;"),
        new("09", 2, "too large", "double? majority = 1;"),
        new("09", 3, "accuracy", "double? accuracy = 0.5, precision = 2 / 3.0, recall = 0.5;"),
        new("09", 3, "precision", "double? accuracy = 0.625, precision = 0.5, recall = 2 / 3.0;"),
        new("09", 3, "recall", "double? accuracy = 0.625, precision = 2 / 3.0, recall = 0.25;"),
        new("09", 4, "it gives", """
            string MostSuspicious(string text)
            {
                var row = korean.Encode(text);
                float[] logits = Judge(row.InputIds);
                return row.Tokens[Array.IndexOf(logits, logits.Min())];
            }
            """),
        new("09", 4, "it gives", """
            string MostSuspicious(string text)
            {
                var row = korean.Encode(text);
                float[] inside = Judge(row.InputIds)[1..^1];
                return row.Tokens[Array.IndexOf(inside, inside.Max())];
            }
            """),
        new("09", 4, "it gives", "string MostSuspicious(string text) => korean.Encode(text).Tokens[1];"),

        new("10", 1, "the counts [[45, 5], [5, 45]]: found 0.9", """
            double? Kappa(int[][] counts) => counts.Select((row, i) => row[i]).Sum() / (double)counts.Sum(row => row.Sum());
            """),
        new("10", 1, "the counts [[90, 5], [5, 0]]", """
            double? Kappa(int[][] counts)
            {
                double agreement = counts.Select((row, i) => row[i]).Sum() / (double)counts.Sum(row => row.Sum());
                double chance = 1.0 / counts.Length;
                return (agreement - chance) / (1 - chance);
            }
            """),
        new("10", 1, "the counts [[40, 20], [0, 40]]", """
            double? Kappa(int[][] counts)
            {
                double all = counts.Sum(row => row.Sum());
                double agreement = counts.Select((row, i) => row[i]).Sum() / all;
                double chance = counts.Sum(row => row.Sum() / all * (row.Sum() / all));
                return (agreement - chance) / (1 - chance);
            }
            """),
        new("10", 1, "too small", """
            double? Kappa(int[][] counts)
            {
                double all = counts.Sum(row => row.Sum());
                double agreement = counts.Select((row, i) => row[i]).Sum() / all;
                return agreement - counts.Select((row, i) => row.Sum() / all * (counts.Sum(other => other[i]) / all)).Sum();
            }
            """),
        new("10", 2, "too small", "double? RowsNeeded(double d, double difference) => 1.96 * 1.96 * d / (difference * difference);"),
        new("10", 2, "too small", "double? RowsNeeded(double d, double difference) => 2.8 * 2.8 * d / difference;"),
        new("10", 2, "too large", "double? RowsNeeded(double d, double difference) => 2.8 * 2.8 / (difference * difference);"),
        new("10", 2, "too small", "double? RowsNeeded(double d, double difference) => 2.8 * Math.Sqrt(d) / difference;"),
        new("10", 3, "it gives []", """
            int[] Leaked(string[] train, string[] test) =>
                [.. Enumerable.Range(0, test.Length).Where(i => train.Contains(test[i]))];
            """),
        new("10", 3, "4DX", """
            int[] Leaked(string[] train, string[] test)
            {
                string Kept(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
                return [.. Enumerable.Range(0, test.Length).Where(i => train.Any(one => Kept(one) == Kept(test[i])))];
            }
            """),
        new("10", 3, "it gives [0, 1]", """
            int[] Leaked(string[] train, string[] test)
            {
                string Kept(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
                return [.. Enumerable.Range(0, test.Length).Where(i => train.Any(one => Kept(one).Contains(Kept(test[i]))))];
            }
            """),
        new("10", 3, "it gives [0, 1]", """
            int[] Leaked(string[] train, string[] test)
            {
                string Kept(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
                return [.. Enumerable.Range(0, train.Length).Where(i => test.Any(one => Kept(one) == Kept(train[i])))];
            }
            """),
        new("10", 4, "2 of 4 answers are right", "bool? better = true, same = true, noLargeLead = true, elsewhere = false;"),
        new("10", 4, "3 of 4 answers are right", "bool? better = false, same = true, noLargeLead = true, elsewhere = false;"),
        new("10", 4, "3 of 4 answers are right", "bool? better = false, same = false, noLargeLead = false, elsewhere = false;"),
        new("10", 4, "3 of 4 answers are right", "bool? better = false, same = false, noLargeLead = true, elsewhere = true;"),
    ];

    private static string MaxHead(string ofTheTokens, bool linear = true) => $$"""
        class MaxHead : ClassificationHead
        {
            private readonly Linear out_proj;
            public MaxHead(ElectraConfig config, int labels) : base("MaxHead")
            {
                out_proj = nn.Linear(config.HiddenSize, labels);
                RegisterComponents();
            }
            public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
            {
                var strongest = {{ofTheTokens}};
                return {{(linear ? "out_proj.forward(strongest)" : "strongest")}};
            }
        }
        """;

    private static IEnumerable<WrongAnswer> Differences(string named, params string[] results) =>
        results.Select(result => new WrongAnswer("07", 4, named, $$"""
            double? Difference(HeadVariant variant, Tensor states, Tensor mask)
            {
                random.manual_seed(1);
                var head = TokenHeads.Create("bilstm", source.Config, task.Labels.Count, variant);
                head.eval();
                int length = (int)mask[0].sum().item<long>();
                var a = head.forward(states[..1, ..length], mask[..1, ..length]);
                var b = head.forward(states, mask)[..1, ..length];
                return {{result}};
            }
            """));
}
