using System.Runtime.CompilerServices;

// A notebook loads this library and sees what it refers to, and the compiler leaves out the libraries that no type is used of. Lesson 09 is
// about this one.
[assembly: TypeForwardedTo(typeof(Electra.Pretrainer))]
