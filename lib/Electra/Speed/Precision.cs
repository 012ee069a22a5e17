using System.Text.Json.Serialization;

namespace Electra;

/// <summary>
/// How the matrix products of a training are computed. Weights, gradients, LayerNorm, softmax and losses are fp32 in every case.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    /// <summary>bf16 where <see cref="MixedPrecision.PaysOff"/> says so, else fp32.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>32-bit numbers, 24 bits of them significant.</summary>
    [JsonStringEnumMemberName("fp32")]
    Fp32,

    /// <summary>
    /// 16-bit numbers of the same range, 8 bits of them significant: twice as fast on processors with instructions for them; on others
    /// rounded to, at no more than the speed of fp32.
    /// </summary>
    [JsonStringEnumMemberName("bf16")]
    Bf16,
}
