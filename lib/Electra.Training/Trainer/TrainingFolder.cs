namespace Electra;

/// <summary>
/// The folder that a training writes a model into, with its state beside it until the end. Nothing that an earlier one left there is
/// overwritten.
/// </summary>
public static class TrainingFolder
{
    /// <summary>The state of an unfinished training.</summary>
    public const string StateName = "training.state";

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
}
