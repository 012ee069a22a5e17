// The hidden states of a text: dotnet run lib/examples/encode.cs, in the clone's root.
#:project ../Electra.Files/Electra.Files.csproj
using Electra;

string folder = "data/encoders/electra-tiny-ko";
using var encoder = Checkpoint.Open(folder).CreateEncoder();
using var batch = Batch.From([ElectraTokenizer.FromFolder(folder).Encode("배우들 연기가 정말 좋았다")]);
Console.WriteLine(string.Join(" × ", encoder.forward(batch.InputIds, batch.AttentionMask, null).shape)); // B × L × H
