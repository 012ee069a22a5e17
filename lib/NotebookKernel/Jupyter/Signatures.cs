using System.Text;

namespace NotebookKernel;

/// <summary>
/// The signatures of messages that came lately: one that comes again was copied, and is not obeyed (as in Jupyter's own kernels).
/// </summary>
internal sealed class Signatures
{
    private const int Capacity = 65_536; // Jupyter's digest_history_size

    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _order = new();

    /// <returns>Whether it is new.</returns>
    public bool Add(byte[] signature)
    {
        string text = Encoding.ASCII.GetString(signature);
        lock (_known)
        {
            if (!_known.Add(text))
            {
                return false;
            }

            _order.Enqueue(text);
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
