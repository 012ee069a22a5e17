using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;

namespace Electra.Tests;

public class BatchTests
{
    [Property]
    public void Rows_are_padded_at_the_end_and_masked_there(FsCheck.NonEmptyArray<byte> lengths, byte extra, byte padId)
    {
        TokenEncoding[] rows = [.. lengths.Get.Select(length => length % 20 + 1).Select((length, row) =>
            TokenEncoding.FromIds([.. Enumerable.Range(row, length)], [.. Enumerable.Repeat(1, length)]))];
        int width = rows.Max(row => row.Length) + extra % 5;
        using var batch = Batch.From(rows, length: width, padId: padId);
        Assert.Equal([rows.Length, width], batch.InputIds.shape);
        Assert.Equal([rows.Length, width], batch.AttentionMask.shape);
        Assert.Equal([rows.Length, width], batch.TokenTypeIds.shape);
        for (int row = 0; row < rows.Length; row++)
        {
            int padding = width - rows[row].Length;
            long[] ids = [.. rows[row].InputIds, .. Enumerable.Repeat(padId, padding)];
            Assert.Equal(ids, batch.InputIds[row].data<long>().ToArray());
            Assert.Equal([.. Enumerable.Repeat(1L, rows[row].Length), .. new long[padding]],
                batch.AttentionMask[row].data<long>().ToArray());
            Assert.Equal([.. Enumerable.Repeat(1L, rows[row].Length), .. new long[padding]],
                batch.TokenTypeIds[row].data<long>().ToArray());
        }
    }

    [Fact]
    public void Without_a_length_the_longest_row_gives_it_and_padding_has_id_0()
    {
        using var batch = Batch.From([SmallTokenizer.Cased.Encode("가"), SmallTokenizer.Cased.Encode("영화 영화가", "나")]);
        Assert.Equal([2L, 7L], batch.InputIds.shape);
        Assert.Equal([2L, 5L, 3L, 0L, 0L, 0L, 0L], batch.InputIds[0].data<long>().ToArray());
        Assert.Equal([3L, 7L], batch.AttentionMask.sum(dim: 1).data<long>().ToArray());
        Assert.Equal([0L, 0L, 0L, 0L, 0L, 1L, 1L], batch.TokenTypeIds[1].data<long>().ToArray());
        Assert.Equal(torch.int64, batch.InputIds.dtype);
    }

    [Fact]
    public void A_row_that_is_too_long_is_refused_and_never_cut() =>
        Assert.Contains("4 tokens",
            Assert.Throws<InputException>(() => Batch.From([SmallTokenizer.Cased.Encode("가나")], length: 3)).Message);

    [Fact]
    public void No_rows_make_no_batch() => Assert.Throws<ArgumentException>(() => Batch.From([]));

    [Fact]
    public void A_batch_outlives_the_scope_it_was_made_in_and_frees_its_tensors_itself()
    {
        Batch batch;
        using (torch.NewDisposeScope())
        {
            batch = Batch.From([SmallTokenizer.Cased.Encode("가")]);
        }

        Assert.Equal(2L, batch.InputIds[0, 0].item<long>());
        batch.Dispose();
        Assert.True(batch.InputIds.IsInvalid && batch.AttentionMask.IsInvalid && batch.TokenTypeIds.IsInvalid);
    }

    [Fact]
    public void Ready_made_ids_are_checked()
    {
        Assert.Equal([0, 0, 0], TokenEncoding.FromIds([2, 9, 3]).TokenTypeIds);
        Assert.Throws<InputException>(() => TokenEncoding.FromIds([]));
        Assert.Throws<InputException>(() => TokenEncoding.FromIds([2, -9, 3]));
        Assert.Throws<InputException>(() => TokenEncoding.FromIds([2, 3], [0, -1]));
        Assert.Contains("3 input ids but 2", Assert.Throws<InputException>(() => TokenEncoding.FromIds([2, 9, 3], [0, 0])).Message);
    }
}
