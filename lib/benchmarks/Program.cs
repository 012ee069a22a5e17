return await Electra.Benchmarks.OnnxCommand.RunAsync(args);
