using System.Text.RegularExpressions;

namespace Images;

/// <summary>
/// The words of the figures in Korean: the terms of notebooks/glossary.md. A number or a name in the English words is {0}, {1}, …
/// </summary>
internal static partial class Words
{
    private static readonly Dictionary<string, string> Korean = new()
    {
        // The whole model
        ["The whole model, and what is inside"] = "모델 전체와 그 속",
        ["The whole model: this lesson's part in colour"] = "모델 전체: 이번 강의의 부분만 색으로",
        ["From top to bottom: text, word pieces, embeddings, N layers, the last hidden state, a head, logits. Beside it one layer: " +
            "attention, add and LayerNorm, feed-forward, add and LayerNorm. Below it one attention head: query, key, value, scores, " +
            "softmax, context. At last its probabilities as numbers."] =
            "위에서 아래로 글, 워드피스, 임베딩, N개의 층, 마지막 은닉 상태, 헤드, 로짓이에요. 옆은 층 하나예요: 어텐션, 더하고 LayerNorm, 피드포워드, 더하고 LayerNorm. 그 아래는 어텐션 헤드 하나예요: " +
            "쿼리, 키, 값, 점수, 소프트맥스, 문맥. 끝으로 그 확률이 숫자로 있어요.",
        ["Lesson 01 goes from the text to the ids, B × L."] = "강의 01은 글에서 id B × L까지 가요.",
        ["Lesson 02 is about the encoder: embeddings, layers, attention, last hidden state."] =
            "강의 02는 인코더를 다뤄요: 임베딩, 층, 어텐션, 마지막 은닉 상태.",
        ["Lesson 03 puts the FC head on row 0, [CLS]."] = "강의 03은 0번 행 [CLS]에 FC 헤드를 얹어요.",
        ["Lesson 04 puts the CNN head on all pairs of rows."] = "강의 04는 이웃한 행의 모든 쌍에 CNN 헤드를 얹어요.",
        ["Lesson 05 puts the BiLSTM head on all rows, in both directions."] = "강의 05는 모든 행을 양방향으로 읽는 BiLSTM 헤드를 얹어요.",
        ["Lesson 06 gives each row a start logit and an end logit."] = "강의 06은 행마다 시작 로짓과 끝 로짓을 줘요.",
        ["Lesson 07 gives each row C logits."] = "강의 07은 행마다 로짓 C개를 줘요.",
        ["Lesson 08 compares heads by their answers."] = "강의 08은 헤드를 그 답으로 견줘요.",
        ["Lesson 09 is about how the encoder learnt: with a head that says of each piece whether it was replaced."] =
            "강의 09는 인코더가 어떻게 배웠는지 다뤄요. 조각마다 바뀌었는지 말하는 헤드로 배웠어요.",
        ["the model"] = "모델",
        ["ids"] = "id",
        ["N layers"] = "층 N개",
        ["last hidden|state"] = "마지막|은닉 상태",
        ["head"] = "헤드",
        ["FC head"] = "FC 헤드",
        ["CNN head"] = "CNN 헤드",
        ["BiLSTM head"] = "BiLSTM 헤드",
        ["replaced?"] = "바뀌었나?",
        ["one layer"] = "층 하나",
        ["add, LayerNorm"] = "더하기, LayerNorm",
        ["one attention head"] = "어텐션 헤드 하나",
        ["scores: Q·Kᵀ/√D"] = "점수: Q·Kᵀ/√D",
        ["weights · V"] = "가중치 · V",
        ["context"] = "문맥",
        ["the numbers"] = "숫자",

        // Embeddings
        ["From text to embeddings"] = "글에서 임베딩까지",
        ["text"] = "글",
        ["tokenizer"] = "토크나이저",
        ["word pieces"] = "워드피스",
        ["row {0}"] = "{0}번 행",
        ["LayerNorm, then dropout"] = "LayerNorm, 그다음 드롭아웃",
        ["weight E, bias E"] = "가중치 E, 편향 E",
        ["embeddings_project, only where E and H differ"] = "embeddings_project, E와 H가 다를 때만",
        ["H × E, bias H"] = "H × E, 편향 H",
        ["Pieces and ids are those of the encoder of the lessons: V = 8,000 pieces, 256 positions. E and H are drawn short."] =
            "조각과 id는 강의에서 쓰는 인코더의 것이에요: 조각 V = 8,000개, 위치 256개. E와 H는 짧게 그렸어요.",
        ["A Korean review is cut into word pieces, each piece becomes an id, and three embeddings of size E are added for each token: of " +
            "its piece, its position and its type. LayerNorm follows, and a projection to H where E and H differ."] =
            "영화 평을 워드피스로 자르고, 조각마다 id로 바꾸고, 토큰마다 크기 E인 임베딩 셋(조각, 위치, 타입)을 더해요. 그다음이 LayerNorm이고, E와 H가 다르면 H로 바꾸는 선형층이 이어져요.",

        // A sentence as a tensor
        ["A sentence is L × H numbers"] = "문장은 L × H개의 숫자",
        ["H numbers a token (256 in the encoder of the lessons)"] = "토큰마다 숫자 H개(강의의 인코더에서는 256개)",
        ["row 0: [CLS], read"] = "0번 행: [CLS],",
        ["for the sentence"] = "문장을 대표해요",
        ["one row: one token"] = "행 하나: 문맥 속의",
        ["in its context"] = "토큰 하나",
        ["padding: numbers"] = "패딩: 뜻이 없는",
        ["without a meaning"] = "숫자들",
        ["the sheets behind: the other rows of the batch"] = "뒤의 장들: 배치의 다른 행",
        ["The last hidden state of one sentence is a table with a row of H numbers for each of its L tokens; a batch is B such " +
            "tables. The attention mask says which rows are padding."] =
            "문장 하나의 마지막 은닉 상태는 L개의 토큰마다 숫자 H개짜리 행이 하나씩 있는 표예요. 배치는 그런 표 B개예요. 어텐션 마스크는 어느 행이 패딩인지 말해 줘요.",

        // Attention
        ["Self-attention: each token asks all tokens of its row"] = "셀프 어텐션: 토큰마다 같은 행의 모든 토큰에게 물어요",
        ["hidden"] = "은닉 상태",
        ["query"] = "쿼리",
        ["key"] = "키",
        ["value"] = "값",
        ["softmax"] = "소프트맥스",
        ["dropout"] = "드롭아웃",
        ["dropout, out_proj"] = "드롭아웃, out_proj",
        ["softmax(Q·Kᵀ / √D + bias)"] = "소프트맥스(Q·Kᵀ / √D + 편향)",
        ["one such table for each of A heads;"] = "헤드 A개마다 이런 표가 하나씩.",
        ["rows add up to 1, padding gets 0"] = "행의 합은 1, 패딩은 0",
        ["probabilities · V"] = "확률 · V",
        ["context: B × L × H"] = "문맥: B × L × H",
        ["A heads,"] = "헤드 A개를",
        ["joined"] = "이어 붙임",
        ["The numbers of the table are drawn, not measured."] = "표의 숫자는 지어낸 값이에요.",
        ["From the hidden states L × H three Linear layers make queries, keys and values, split into A attention heads of size D. " +
            "Softmax of queries times keys over the square root of D, plus a mask, gives L × L probabilities for each head; they " +
            "weigh the values."] =
            "은닉 상태 L × H에서 선형층 셋이 쿼리, 키, 값을 만들고, 크기 D인 어텐션 헤드 A개로 나눠요. 쿼리와 키의 곱을 D의 제곱근으로 나누고 마스크를 더해 소프트맥스를 취하면 헤드마다 L × L개의 확률이 " +
            "나와요. 이 확률로 값을 가중 평균해요.",

        // Encoder and heads
        ["One encoder, many heads"] = "인코더 하나, 헤드 여럿",
        ["embeddings"] = "임베딩",
        ["layer 0 … N − 1"] = "층 0 … N − 1",
        ["attention"] = "어텐션",
        ["feed-forward"] = "피드포워드",
        ["row 0, [CLS]"] = "0번 행 [CLS]",
        ["pairs of rows"] = "이웃한 행 둘씩",
        ["rows, both ways"] = "행을 양방향으로",
        ["token head"] = "토큰 헤드",
        ["each row"] = "행마다",
        ["span head"] = "스팬 헤드",
        ["inside one layer"] = "층 하나의 속",
        ["add"] = "더하기",
        ["the input, added again"] = "입력을 다시 더함",
        ["Only attention lets tokens see each other; everything else works on each row by itself."] =
            "토큰이 서로를 보는 곳은 어텐션뿐이에요. 나머지는 모두 행마다 따로 일해요.",
        ["Ids go through embeddings and N layers to the last hidden state, B × L × H. Heads read it: FC, CNN and BiLSTM give a " +
            "sentence C logits, a token head gives each token C logits, and the span head gives each token two. Below, one layer: " +
            "self-attention, add and norm, feed-forward, add and norm."] =
            "id는 임베딩과 N개의 층을 지나 마지막 은닉 상태 B × L × H가 돼요. 헤드가 이것을 읽어요. FC, CNN, BiLSTM은 문장에 로짓 C개를, 토큰 헤드는 토큰마다 로짓 C개를, 스팬 헤드는 토큰마다 두 " +
            "개를 줘요. 아래는 층 하나예요: 셀프 어텐션, 더하고 정규화, 피드포워드, 더하고 정규화.",

        // The FC head
        ["Taking [CLS]: row 0 of each sentence"] = "[CLS] 꺼내기: 문장마다 0번 행",
        ["B sheets"] = "B장",
        ["one row for each sentence"] = "문장마다 행 하나",
        ["From the last hidden state, B × L × H, the slice [.., 0] in C# (in PyTorch [:, 0, :]) takes the first row of every sentence " +
            "of the batch, which gives B × H."] =
            "마지막 은닉 상태 B × L × H에서 C#의 [.., 0](PyTorch에서는 [:, 0, :])이 배치의 문장마다 첫 행을 꺼내요. 그러면 B × H가 돼요.",
        ["Classifying a sentence: the FC head, step by step"] = "문장 분류: FC 헤드를 한 단계씩",
        ["last hidden state"] = "마지막 은닉 상태",
        ["[CLS] only"] = "[CLS]만",
        ["in training, 10 % become 0"] = "학습할 때 10%가 0이 돼요",
        ["H × H, bias H"] = "H × H, 편향 H",
        ["mixes the H numbers"] = "숫자 H개를 섞어요",
        ["a bend between two Linears"] = "두 선형층 사이의 구부림",
        ["C × H, bias C"] = "C × H, 편향 C",
        ["logits: any size"] = "로짓: 크기에 제한이 없어요",
        ["probabilities: they add up to 1"] = "확률: 합이 1이에요",
        ["negative"] = "부정",
        ["positive"] = "긍정",
        ["cross-entropy"] = "교차 엔트로피",
        ["one number"] = "숫자 하나",
        ["−ln 0.97, when the label is positive"] = "레이블이 긍정일 때 −ln 0.97",
        ["In training the loss is taken from the logits directly. Example: C = 2."] = "학습할 때는 손실을 로짓에서 바로 계산해요. 예: C = 2.",
        ["Row 0 goes through dropout, dense H × H, gelu, dropout and out_proj to C logits; softmax turns logits into probabilities, " +
            "cross-entropy compares them with the label."] =
            "0번 행이 드롭아웃, dense H × H, gelu, 드롭아웃, out_proj를 지나 로짓 C개가 돼요. 소프트맥스가 로짓을 확률로 바꾸고, 교차 엔트로피가 이것을 레이블과 견줘요.",

        // The CNN head
        ["The CNN head: every pair of neighbouring tokens"] = "CNN 헤드: 이웃한 토큰의 모든 쌍",
        ["128 filters"] = "필터 128개",
        ["2 × H each, ReLU"] = "저마다 2 × H, ReLU",
        ["window {0}: tokens {1}, {2}"] = "윈도 {0}: 토큰 {1}, {2}",
        ["inside the text"] = "글 안",
        ["touch padding"] = "패딩에 닿음",
        ["max over all {0} windows"] = "윈도 {0}개 모두의 최댓값",
        ["max over windows {0} to {1}"] = "윈도 {0}–{1}의 최댓값",
        ["Published, padding can win the maximum: the same review gets another answer in a longer batch."] =
            "published에서는 패딩이 최댓값이 될 수 있어요. 같은 영화 평도 더 긴 배치에서는 답이 달라져요.",
        ["The original's pooling had 31 windows built in, so it was tied to L = 32; here it takes as many as there are."] =
            "원본은 풀링에 윈도 31개가 박혀 있어 L = 32에 묶여 있었어요. 여기서는 있는 만큼 봐요.",
        ["128 filters of 2 × H slide over L tokens and give 128 answers for each of the L − 1 windows. The maximum over the windows " +
            "remains, B × 128. The published head takes it over all windows; the mask-aware one leaves out the windows that touch " +
            "padding."] =
            "2 × H짜리 필터 128개가 L개의 토큰을 훑으며 L − 1개의 윈도마다 답 128개를 내요. 윈도들의 최댓값 B × 128만 남아요. published 헤드는 모든 윈도에서, mask-aware 헤드는 패딩에 " +
            "닿은 윈도를 빼고 최댓값을 구해요.",

        // The LSTM and the BiLSTM head
        ["An LSTM cell: what is kept, added and shown"] = "LSTM 셀: 남기는 것, 더하는 것, 보여 주는 것",
        ["c, before"] = "이전 c",
        ["c, new"] = "새 c",
        ["memory"] = "기억",
        ["forget?"] = "잊을까?",
        ["let in?"] = "들일까?",
        ["what?"] = "무엇을?",
        ["show?"] = "보일까?",
        ["h, new"] = "새 h",
        ["h, before"] = "이전 h",
        ["four Linears at once"] = "선형층 넷을 한꺼번에",
        ["weight_ih 4H × H, weight_hh 4H × H, biases 4H"] = "weight_ih 4H × H, weight_hh 4H × H, 편향 4H",
        ["x: this token, B × H"] = "x: 이 토큰, B × H",
        ["All arrows carry B × H."] = "화살표는 모두 B × H예요.",
        ["Before the first token h = c = 0."] = "첫 토큰 앞에서는 h = c = 0.",
        ["× and + work on each number by itself"] = "×와 +는 숫자마다 따로 계산해요",
        ["From the token's vector x and the previous hidden state h the cell computes four gates of H numbers: forget f, input i, " +
            "candidate g and output o. The new memory is f times the old memory plus i times g; the new hidden state is o times " +
            "tanh of the memory."] =
            "토큰의 벡터 x와 이전 은닉 상태 h에서 숫자 H개짜리 게이트 넷을 계산해요: 망각 f, 입력 i, 후보 g, 출력 o. 새 기억은 f 곱하기 옛 기억에 i 곱하기 g를 더한 것이고, 새 은닉 상태는 o 곱하기 " +
            "기억의 tanh예요.",
        ["The BiLSTM head: which state speaks for the sentence?"] = "BiLSTM 헤드: 어느 상태가 문장을 대표할까요?",
        ["published: the output at the last position"] = "published: 마지막 위치의 출력",
        ["mask-aware: the final states of both directions"] = "mask-aware: 두 방향의 최종 상태",
        ["forwards"] = "정방향",
        ["backwards"] = "역방향",
        ["has read the text, then padding"] = "글을 읽고 나서 패딩까지 읽었어요",
        ["has read this [PAD] and nothing else"] = "이 [PAD] 말고는 아무것도 읽지 않았어요",
        ["not read"] = "안 읽음",
        ["has read the whole text"] = "글을 다 읽었어요",
        ["In both, before: dropout → gelu on B × L × H. After: dropout → out_proj (C × 2H) → B × C."] =
            "둘 다 앞에는 B × L × H에 드롭아웃 → gelu, 뒤에는 드롭아웃 → out_proj(C × 2H) → B × C.",
        ["Two LSTMs read the tokens, one forwards and one backwards. The published head takes both outputs at the last position, " +
            "where the backward LSTM has read a single token, here padding. The mask-aware head takes the final state of each " +
            "direction, each after reading the whole text and nothing else."] =
            "두 LSTM이 토큰을 하나는 앞에서부터, 하나는 뒤에서부터 읽어요. published 헤드는 마지막 위치의 두 출력을 써요. 거기서 역방향 LSTM은 토큰 하나, 여기서는 패딩만 읽었어요. mask-aware " +
            "헤드는 방향마다 최종 상태를 써요. 둘 다 글 전체를 읽었고 다른 것은 읽지 않았어요.",

        // A training step
        ["One training step: forward, backward, step"] = "학습 한 스텝: 순전파, 역전파, 스텝",
        ["1 forward: from the reviews to one loss"] = "1 순전파: 영화 평에서 손실 하나까지",
        ["encoder"] = "인코더",
        ["4 layers"] = "층 4개",
        ["loss"] = "손실",
        ["2 backward: from the loss to a gradient for each weight"] = "2 역전파: 손실에서 가중치마다 기울기까지",
        ["gradient"] = "기울기",
        ["each its own"] = "저마다 하나씩",
        ["3 step: each weight moves"] = "3 스텝: 가중치를",
        ["against its gradient"] = "기울기의 반대쪽으로",
        ["new weights"] = "새 가중치",
        ["weight − rate × gradient"] = "가중치 − 학습률 × 기울기",
        ["and the loss is smaller"] = "그러면 손실이 줄어요",
        ["A gradient says by how much the loss grows when its weight grows a little:"] =
            "기울기는 가중치가 조금 커질 때 손실이 얼마나 커지는지를 말해요.",
        ["above 0, the weight should shrink; below 0, it should grow; near 0, it hardly matters."] =
            "0보다 크면 가중치를 줄여야 하고, 작으면 키워야 하고, 0에 가까우면 거의 상관없어요.",
        ["Forward, the reviews go through encoder, [CLS], dense, gelu and out_proj to logits and one loss. Backward, the gradient " +
            "goes from the loss through the same places in the opposite order, and leaves at each weight a number: by how much the " +
            "loss grows when this weight grows. The step moves each weight a little against its gradient."] =
            "순전파에서 영화 평은 인코더, [CLS], dense, gelu, out_proj를 지나 로짓과 손실 하나가 돼요. 역전파에서 기울기는 손실에서 같은 곳을 거꾸로 지나며 가중치마다 숫자를 하나씩 남겨요. 이 " +
            "가중치가 커질 때 손실이 얼마나 커지는지예요. 스텝은 가중치마다 기울기의 반대쪽으로 조금 옮겨요.",

        // Questions
        ["Answering questions: L × 2 logits"] = "기계 독해: L × 2개의 로짓",
        ["question (감독은 누구인가? Who is the director?): type 0"] = "질문(감독은 누구인가?): 타입 0",
        ["context (Do Kyung-ha filmed in Seoul): type 1"] = "본문: 타입 1",
        ["qa_outputs: the same Linear(H, 2) on every token"] = "qa_outputs: 모든 토큰에 같은 Linear(H, 2)",
        ["2 × H, bias 2"] = "2 × H, 편향 2",
        ["start logits"] = "시작 로짓",
        ["end logits"] = "끝 로짓",
        ["column {0}"] = "{0}번 열",
        ["4.2 + 4.0 = 8.2, the greatest sum"] = "4.2 + 4.0 = 8.2, 가장 큰 합",
        ["Decoding: start ≤ end, both inside the context (hatched: left out), not longer than allowed."] =
            "답 고르기: 시작 ≤ 끝, 둘 다 본문 안(빗금은 제외), 정해진 길이를 넘지 않게.",
        ["The words come from the context by the pieces' character ranges, not by gluing pieces together."] =
            "답의 글자는 조각을 이어 붙이지 않고, 조각의 글자 범위로 본문에서 꺼내요.",
        ["Of several windows: each sum less the two logits of the window's [CLS], so that windows compare."] =
            "윈도가 여럿이면 윈도마다 [CLS]의 두 로짓을 합에서 빼서 서로 견줘요.",
        ["Question and context are one row of tokens. A Linear layer H to 2 gives each token a start logit and an end logit. The " +
            "answer is the span from start to end, inside the context, whose two logits have the greatest sum."] =
            "질문과 본문은 토큰 한 행이에요. H에서 2로 가는 선형층이 토큰마다 시작 로짓과 끝 로짓을 줘요. 답은 본문 안에서 두 로짓의 합이 가장 큰, 시작부터 끝까지의 스팬이에요.",

        // Entities
        ["Token classification: every token gets a label"] = "토큰 분류: 토큰마다 레이블 하나",
        ["characters"] = "글자",
        ["gold tags"] = "정답 태그",
        ["logits"] = "로짓",
        ["label"] = "레이블",
        ["a token head: Linear(H, C), CNN or BiLSTM that keep the length"] = "토큰 헤드: Linear(H, C), 또는 길이를 지키는 CNN이나 BiLSTM",
        ["one row in, one row out"] = "한 행이 들어가 한 행이 나와요",
        ["read back"] = "되읽기",
        ["도경하가: one too long"] = "도경하가: 한 글자 길어요",
        ["The piece ##하가 is the end of the name 도경하 and the particle 가 at once, with one label for both:"] =
            "조각 ##하가에는 이름 도경하의 끝과 조사 가가 함께 들어 있고 레이블은 하나뿐이에요.",
        ["no head can find this name exactly. Scored on characters. PS: person, LC: place; [CLS], [SEP]: no label."] =
            "그래서 어떤 헤드도 이 이름을 정확히 찾지 못해요. 채점은 글자로 해요. PS: 사람, LC: 장소. [CLS]와 [SEP]에는 레이블이 없어요.",
        ["Tags are written for characters: B begins an entity, I continues it, O is outside. The encoder sees word pieces, and a head " +
            "gives each piece C logits. A piece that covers the end of a name and a particle can carry only one label."] =
            "태그는 글자에 붙어요: B는 개체명의 시작, I는 이어짐, O는 밖이에요. 인코더는 워드피스를 보고, 헤드는 조각마다 로짓 C개를 줘요. 이름의 끝과 조사가 함께 든 조각도 레이블은 하나만 가질 수 있어요.",

        // Replaced tokens
        ["Replaced token detection: a generator lies, a discriminator notices"] = "교체 토큰 탐지: 생성기는 거짓말하고 판별기는 알아차려요",
        ["original"] = "원래 것",
        ["masked"] = "가린 것",
        ["corrupted"] = "바꾼 것",
        ["replaced"] = "바뀐 것",
        ["generator: a small encoder, V logits for each masked place"] = "생성기: 작은 인코더, 가린 자리마다 로짓 V개",
        ["loss: cross-entropy at the masked places"] = "손실: 가린 자리의 교차 엔트로피",
        ["15 % are chosen"] = "15%를 골라요",
        ["sample one token from each guess; put it in"] = "추측마다 토큰 하나를 뽑아 넣어요",
        ["discriminator: the encoder we want, 1 logit for each token"] = "판별기: 얻으려는 인코더, 토큰마다 로짓 하나",
        ["loss: binary cross-entropy at every token, weight 50"] = "손실: 모든 토큰의 이진 교차 엔트로피, 가중치 50",
        ["right answer"] = "정답",
        ["another token"] = "다른 토큰",
        ["guessed right"] = "추측이 맞음",
        ["The generator learns from the chosen tokens only, the discriminator from all."] =
            "생성기는 고른 토큰에서만, 판별기는 모든 토큰에서 배워요.",
        ["Sampling passes no gradient, so the generator is not trained to deceive; it only gets better at guessing."] =
            "뽑기는 기울기를 전하지 않아요. 생성기는 속이는 법이 아니라 추측하는 법만 배워요.",
        ["Afterwards the generator is thrown away, and the discriminator's encoder gets the heads of this course."] =
            "학습이 끝나면 생성기는 버리고, 판별기의 인코더에 이 강의의 헤드를 얹어요.",
        ["Some tokens are hidden behind [MASK]. The generator, a small encoder, guesses them; its guesses are put in. The " +
            "discriminator says of every token whether it is the original one. Where the generator guessed right, original is the " +
            "right answer."] =
            "토큰 몇 개를 [MASK]로 가려요. 작은 인코더인 생성기가 추측하고, 그 추측을 넣어요. 판별기는 토큰마다 원래 것인지 말해요. 생성기의 추측이 맞은 곳에서는 '원래 것'이 정답이에요.",

        // The map
        ["Map of the course"] = "강의 지도",
        ["heads on a sentence: B × C"] = "문장에 얹는 헤드: B × C",
        ["heads on every token: B × L × C"] = "토큰마다 얹는 헤드: B × L × C",
        ["setup"] = "준비",
        ["table, noise"] = "표, 잡음",
        ["Solid line: the way through, a bar where it ends."] = "실선: 강의의 길, 막대는 그 끝",
        ["Dotted: how the encoder came to be."] = "점선: 인코더가 만들어진 길",
        ["Lessons 00 to 02 lead from text to the last hidden state. From there lessons 03, 04 and 05 put a head on whole sentences, " +
            "06 and 07 on every token. Lesson 08 compares the heads on sentences. Lesson 09 shows how the encoder came to be. " +
            "Lesson 10 is a project of your own."] =
            "강의 00에서 02까지는 글에서 마지막 은닉 상태까지 가요. 거기서 강의 03, 04, 05는 문장에, 06과 07은 토큰마다 헤드를 얹어요. 강의 08은 문장에 얹는 헤드를 견줘요. 강의 09는 인코더가 어떻게 " +
            "만들어졌는지 보여 줘요. 강의 10은 나만의 프로젝트예요.",
        ["You are here: lesson {0}, {1}"] = "지금 여기: 강의 {0}, {1}",
        ["The eleven lessons of the course on a line; those before this one are filled, this one is marked."] =
            "강의 열한 개가 한 줄에 있어요. 지난 강의는 칠해져 있고, 지금 강의는 표시되어 있어요.",
        ["Start here"] = "시작하기",
        ["Text to tensors"] = "글에서 텐서로",
        ["Inside the encoder"] = "인코더 속으로",
        ["[CLS] and the FC head"] = "[CLS]와 FC 헤드",
        ["The CNN head"] = "CNN 헤드",
        ["The BiLSTM head"] = "BiLSTM 헤드",
        ["Question answering"] = "기계 독해",
        ["Token classification"] = "토큰 분류",
        ["Comparing heads"] = "헤드 비교하기",
        ["Replaced token detection"] = "교체 토큰 탐지",
        ["A project of your own"] = "나만의 프로젝트",

        // The same in two lines, below a station
        ["Start|here"] = "시작|하기",
        ["Text to|tensors"] = "글에서|텐서로",
        ["Inside the|encoder"] = "인코더|속으로",
        ["[CLS] and|FC head"] = "[CLS]와|FC 헤드",
        ["CNN|head"] = "CNN|헤드",
        ["BiLSTM|head"] = "BiLSTM|헤드",
        ["Question|answering"] = "기계|독해",
        ["Token|labels"] = "토큰|분류",
        ["Comparing|heads"] = "헤드|비교하기",
        ["Replaced|tokens"] = "교체 토큰|탐지",
        ["Your own|project"] = "나만의|프로젝트",

        // How a notebook is opened; the program's own words stay
        ["VS Code with the Jupyter extension and this project's kernel"] = "VS Code, Jupyter 확장과 이 프로젝트의 커널",
        ["VS Code with Polyglot Notebooks"] = "VS Code와 Polyglot Notebooks",
        ["1: open the notebook · 2: Select Kernel · 3, 4: choose · 5: Run All"] = "1: 노트북 열기 · 2: Select Kernel · 3, 4: 고르기 · 5: Run All",
        ["A sketch: names and places move a little from version to version."] = "간단히 그린 그림이에요. 이름과 자리는 버전마다 조금씩 달라요.",
        ["A sketch of a VS Code window: open notebooks/00-start-here.ipynb in the explorer, click Select Kernel at the upper right of " +
            "the notebook, choose {0} and then {1}, and click Run All."] =
            "VS Code 창을 간단히 그린 그림이에요. 탐색기에서 notebooks/00-start-here.ipynb를 열고, 노트북 오른쪽 위의 Select Kernel을 누르고, {0}, {1}을 차례로 고르고, Run " +
            "All을 누르세요.",
    };

    // Names in code and on the buttons of programs, and what the Korean lessons call in English too.
    private static readonly HashSet<string> Same =
    [
        "input_ids", "word_embeddings", "position_embeddings", "token_type_embeddings", "attention_mask", "last_hidden_state",
        "last_hidden_state: B × L × H", "LayerNorm", "dense, gelu", "PyTorch: [:, 0, :]",
        "dense", "gelu", "out_proj", "published", "mask-aware", "sigmoid", "tanh",
        "ElectraNotebooks", "▾ notebooks", "00-start-here.ipynb", "01-text-to-tensors.ipynb", "02-inside-the-enc…", "03-cls-and-the-fc-…",
        "▸ lib", "▸ data", "README.md",
        "+ Code · + Markdown", "▷ Run All", "Select Kernel", "[ ] Console.WriteLine(\"배우들 연기가 정말 좋았다\");", "Select another kernel…",
        "Python Environments…", "Jupyter Kernel…", "Existing Jupyter Server…", ".NET Interactive",
    ];

    private static readonly (Regex English, string Korean)[] Patterns = [.. Korean.Where(one => one.Key.Contains("{0}"))
        .Select(one => (new Regex($"^{Hole().Replace(Regex.Escape(one.Key), "(.+)")}$"), one.Value))];

    /// <summary>Words in Korean.</summary>
    /// <param name="english">The words of a figure.</param>
    /// <returns>The Korean ones; null where the table has none and should.</returns>
    public static string? InKorean(string english)
    {
        if (Korean.TryGetValue(english, out string? korean))
        {
            return korean;
        }

        foreach (var (pattern, words) in Patterns)
        {
            if (pattern.Match(english) is { Success: true } match)
            {
                object[] holes = [.. match.Groups.Values.Skip(1).Select(hole => InKorean(hole.Value) ?? hole.Value)];
                return string.Format(null, words, holes);
            }
        }

        return Same.Contains(english) || !Word().IsMatch(english) ? english : null;
    }

    [GeneratedRegex(@"\\\{[0-9]}")]
    private static partial Regex Hole();

    [GeneratedRegex("[a-z]{3}")]
    private static partial Regex Word();
}
