namespace NotebookKernel;

/// <summary>What the clients of a socket may take of the kernel's memory.</summary>
/// <param name="Message">The most bytes of a message from a client.</param>
/// <param name="Queue">How many bytes may wait for one client to read them.</param>
/// <param name="Unsigned">What messages whose signature is not known yet may take together.</param>
internal sealed record ZmtpLimits(int Message, int Queue, Allowance Unsigned);
