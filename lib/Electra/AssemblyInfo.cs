[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Electra.Tests")]
