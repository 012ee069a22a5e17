namespace Electra;

/// <summary>
/// The folder that a training writes a model into, with its state beside it until the end. Nothing that an earlier one left there is
/// overwritten.
/// </summary>
public static class TrainingFolder
{
    /// <summary>The state of an unfinished training.</summary>
    public const string StateName = "training.state";

    private const string LockName = "training.lock";

    /// <summary>
    /// Takes a folder for one training, and sweeps out what a killed one has left half written. The system gives the folder free when the
    /// process ends, however it ends.
    /// </summary>
    /// <param name="folder">The folder; made when it is not there, and deleted again where nothing was put into it.</param>
    /// <param name="models">Where the model goes: the folder, or one below it.</param>
    /// <returns>Gives it free.</returns>
    /// <exception cref="InputException">Another training has it, or it cannot be written to.</exception>
    public static IDisposable Lock(string folder, string models)
    {
        string path = Path.Combine(folder, LockName);
        bool isNew = !Directory.Exists(folder);
        try
        {
            var file = FileLock.Take(path) ?? throw new InputException(
                $"Another training is writing into {folder}; wait until it has ended, or give this one another folder.");
            foreach (string written in (string[])[Path.Combine(folder, StateName), Path.Combine(models, Checkpoint.WeightsName)])
            {
                AtomicFile.Sweep(written);
            }

            return new Taken(file, isNew ? folder : null);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{folder} cannot be written to ({e.Message.TrimEnd('.')}); choose another folder.", e);
        }
    }

    /// <summary>Throws unless a training can begin in a folder, or go on there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="models">Where the model goes: the folder, or one below it.</param>
    /// <param name="resume">Whether to go on.</param>
    /// <exception cref="InputException">To go on: there is no unfinished training. To begin: there is one, or there is a model.</exception>
    public static void Check(string folder, string models, bool resume)
    {
        string state = Path.Combine(folder, StateName);
        if (File.Exists(state) != resume)
        {
            throw new InputException(resume
                ? $"{folder} has no interrupted training to resume; leave --resume out to start one."
                : $"{folder} has an interrupted training; go on with --resume, or delete {state} to start again.");
        }

        if (!resume && File.Exists(Path.Combine(models, Checkpoint.WeightsName)))
        {
            throw new InputException($"{models} has a model already; choose another folder, or delete this one to start again.");
        }
    }

    private sealed class Taken(FileLock file, string? made) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            if (made is not null && !Directory.EnumerateFileSystemEntries(made).Any())
            {
                Directory.Delete(made);
            }
        }
    }
}
