using System.Text;

namespace Electra.Tests;

/// <summary>What Python's <c>transformers</c> and older folders rely on: every parameter's name and shape.</summary>
public class ParameterNamesTests
{
    [Fact]
    public void Names_and_shapes_of_all_models_are_the_approved_ones()
    {
        var text = new StringBuilder();
        foreach (var (sizes, config) in new[] { ("E 8, H 12", Small.Config),
            ("E 12, H 12: no projection", Small.Config with { EmbeddingSize = 12 }) })
        {
            foreach (string head in (string[])["fc", "cnn", "bilstm"])
            {
                Append(head, sizes, Electra.Heads.Registry.HasVariants(head),
                    variant => new SequenceClassifier(new ElectraEncoder(config), Electra.Heads.Create(head, config, 2, variant)));
            }

            foreach (string head in (string[])["linear", "cnn", "bilstm"])
            {
                Append($"token {head}", sizes, TokenHeads.Registry.HasVariants(head),
                    variant => new TokenClassifier(new ElectraEncoder(config), TokenHeads.Create(head, config, 2, variant)));
                Append($"qa {head}", sizes, TokenHeads.Registry.HasVariants(head),
                    variant => new QuestionAnswerer(new ElectraEncoder(config),
                        TokenHeads.Create(head, config, QuestionAnswerer.Outputs, variant)));
            }
        }

        void Append(string head, string sizes, bool variants, Func<HeadVariant, TaskModel> create)
        {
            foreach (var variant in variants ? Enum.GetValues<HeadVariant>() : [HeadVariant.Published])
            {
                using var model = create(variant);
                string section = string.Concat(model.named_parameters()
                    .Select(named => $"{named.name} [{string.Join(", ", named.parameter.shape)}]\n"));
                Assert.Equal(model.named_parameters().Select(named => named.name).Order(StringComparer.Ordinal),
                    model.state_dict().Keys.Order(StringComparer.Ordinal)); // no buffers
                if (variant == HeadVariant.Published)
                {
                    text.Append($"# {head}, {sizes}\n{section}\n");
                }
                else
                {
                    // either variant reads the other's weights
                    Assert.EndsWith($"# {head}, {sizes}\n{section}\n", text.ToString(), StringComparison.Ordinal);
                }
            }
        }

        Approved.Check("lib/tests/Electra.Tests/Model/ParameterNames.approved.txt", text.ToString(),
            "Parameter names or shapes changed; checkpoints of before cannot be read any more");
    }
}
