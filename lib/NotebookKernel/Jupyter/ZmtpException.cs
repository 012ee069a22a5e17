namespace NotebookKernel;

/// <summary>What a peer sends is not ZMTP, or more than it may send.</summary>
internal sealed class ZmtpException(string message) : Exception(message);
