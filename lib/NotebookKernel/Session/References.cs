using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace NotebookKernel;

/// <summary>
/// What a notebook references: <c>#r "path.dll"</c> with everything it needs from its own folder, natives included, and
/// <c>#r "nuget: Name, Version"</c>. Loaded in a context of its own, so that the kernel's own assemblies are not in the way.
/// </summary>
internal sealed class References
{
    private static readonly string Runtime = RuntimeEnvironment.GetRuntimeDirectory();

    private readonly string _folder;
    private readonly Dictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase); // simple name → file
    private readonly List<string> _folders = []; // where natives and late-bound assemblies are looked for
    private readonly List<(string Name, string Version)> _packages = [];

    public References(string folder)
    {
        _folder = folder;
        Context = new LoadContext(this);
        All = [.. FrameworkFiles().Select(Reference), Reference(typeof(References).Assembly.Location)];
    }

    public AssemblyLoadContext Context { get; }

    public ImmutableArray<MetadataReference> All { get; private set; }

    /// <summary>Adds what stands between the quotes of <c>#r "…"</c>.</summary>
    /// <exception cref="NotebookException">There is no such file or package.</exception>
    public async Task AddAsync(string text, CancellationToken cancel)
    {
        if (text.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            await AddPackageAsync(text, cancel);
            return;
        }

        string file = Path.GetFullPath(Path.Combine(_folder, text));
        if (File.Exists(file))
        {
            AddFiles([file]);
        }
        else if (!File.Exists(Path.Combine(Runtime, Path.GetFileNameWithoutExtension(text) + ".dll"))
            && !File.Exists(Path.Combine(Runtime, text + ".dll")))
        {
            throw new NotebookException($"#r \"{text}\": there is no such file (looked for {file}); build it first, or correct the " +
                "path, which starts at the notebook's folder.");
        }
    }

    private async Task AddPackageAsync(string text, CancellationToken cancel)
    {
        string[] parts = [.. text["nuget:".Length..].Split(',').Select(p => p.Trim())];
        if (parts.Length > 2 || parts.Any(p => p.Length == 0 || p.Any(c => !(char.IsAsciiLetterOrDigit(c) || "._-+*[]()".Contains(c)))))
        {
            throw new NotebookException($"#r \"{text}\" is not understood; write #r \"nuget: Name, Version\".");
        }

        (string Name, string Version) package = (parts[0], parts.Length == 2 ? parts[1] : "*");
        if (_packages.Contains(package))
        {
            return;
        }

        RestoredPackages restored = await RestoredPackages.RestoreAsync([.. _packages, package], _folder, cancel);
        _packages.Add(package);
        _folders.AddRange(restored.NativeFolders.Except(_folders));
        AddFiles(restored.Assemblies, withNeighbours: false);
    }

    /// <summary>Adds assemblies and whatever they need from the same folder, as far as the framework does not have it.</summary>
    private void AddFiles(IEnumerable<string> files, bool withNeighbours = true)
    {
        var added = new List<MetadataReference>();
        var open = new Queue<string>(files);
        while (open.TryDequeue(out string? file))
        {
            (AssemblyName name, string[] needs) = Read(file);
            string folder = Path.GetDirectoryName(file)!;
            if (_assemblies.TryGetValue(name.Name!, out string? known))
            {
                if (known != file && AssemblyName.GetAssemblyName(known).Version < name.Version)
                {
                    throw new NotebookException($"{Path.GetFileName(file)} is already loaded in an older version from {known}; restart " +
                        "the notebook and reference the newer one first.");
                }

                continue;
            }

            if (IsOurs(name))
            {
                continue;
            }

            _assemblies.Add(name.Name!, file);
            added.Add(Reference(file));
            if (withNeighbours)
            {
                if (!_folders.Contains(folder))
                {
                    _folders.Add(folder);
                }

                foreach (string neighbour in needs.Select(n => Path.Combine(folder, n + ".dll")).Where(File.Exists))
                {
                    open.Enqueue(neighbour);
                }
            }
        }

        if (added.Count > 0)
        {
            All = All.AddRange(added);
        }
    }

    /// <summary>Whether the framework has this assembly, at least as new, or it is the kernel itself.</summary>
    private static bool IsOurs(AssemblyName name)
    {
        string framework = Path.Combine(Runtime, name.Name + ".dll");
        return name.Name == typeof(References).Assembly.GetName().Name
            || (File.Exists(framework) && AssemblyName.GetAssemblyName(framework).Version >= name.Version);
    }

    private static (AssemblyName Name, string[] Needs) Read(string file)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            MetadataReader metadata = image.GetMetadataReader();
            return (metadata.GetAssemblyDefinition().GetAssemblyName(),
                [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))]);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{file} is not a .NET assembly that can be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>The SDK's reference assemblies of this runtime (small, and with documentation), or else the runtime's own.</summary>
    private static string[] FrameworkFiles()
    {
        string packs = Path.GetFullPath(Path.Combine(Runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        string version = $"{Environment.Version.Major}.{Environment.Version.Minor}";
        string? pack = Directory.Exists(packs)
            ? Directory.GetDirectories(packs, version + ".*").Select(p => Path.Combine(p, "ref", "net" + version)).Order()
                .LastOrDefault(Directory.Exists)
            : null;
        return pack is not null
            ? [.. Directory.GetFiles(pack, "*.dll").Order()]
            : [.. Directory.GetFiles(Runtime, "*.dll").Order().Where(IsManaged)];

        static bool IsManaged(string file)
        {
            using var image = new PEReader(File.OpenRead(file));
            return image.HasMetadata;
        }
    }

    private static MetadataReference Reference(string file)
    {
        string documentation = Path.ChangeExtension(file, ".xml");
        return MetadataReference.CreateFromFile(file,
            documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    }

    private sealed class LoadContext(References references) : AssemblyLoadContext("notebook")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            if (references._assemblies.TryGetValue(name.Name!, out string? file))
            {
                return LoadFromAssemblyPath(file);
            }

            // Late-bound: a plugin that no metadata names, beside what was referenced.
            file = IsOurs(name) ? null : references._folders.Select(f => Path.Combine(f, name.Name + ".dll")).FirstOrDefault(File.Exists);
            return file is null ? null : LoadFromAssemblyPath(file);
        }

        protected override nint LoadUnmanagedDll(string name)
        {
            string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
            // in .NET's own order: where one does not load, the next may
            string[] names = [name + extension, "lib" + name + extension, name, "lib" + name];
            foreach (string file in references._folders
                .Concat(references._folders.Select(f => Path.Combine(f, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")))
                .SelectMany(f => names.Select(n => Path.Combine(f, n)))
                .Where(File.Exists))
            {
                if (NativeLibrary.TryLoad(file, out nint library))
                {
                    return library;
                }
            }

            return 0; // .NET looks on, and says what is wrong
        }
    }
}
