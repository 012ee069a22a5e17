// What a trained model says of texts: dotnet run lib/examples/classify.cs -- my-model "시간이 아깝다". Train one first: ./electra train --output
// my-model
#:project ../Electra.Files/Electra.Files.csproj
using Electra;

using var model = Predictor.Open(args[0]);
foreach (var answer in model.Predict(args[1..]))
{
    Console.WriteLine($"{answer.Label}  " +
        $"{string.Join("  ", answer.Probabilities.Select(label => $"{label.Label} {label.Probability:0.000}"))}  {answer.Text}");
}
