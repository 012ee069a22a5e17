using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and marks one symbol version that it needs from one other library as weak
/// (VER_FLG_WEAK in .gnu.version_r), so that the dynamic loader does not refuse the library where that version is missing.
/// A file that is no such library, or does not ask for the version, is copied as it is.
/// Source of the layout: System V ABI, Linux Standard Base 5.0, "Symbol Versioning".
/// </summary>
public class WeakenSymbolVersion : Task
{
    private const ushort WeakFlag = 0x2;
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }
    [Required] public string Library { get; set; }
    [Required] public string Version { get; set; }

    public override bool Execute()
    {
        byte[] file = File.ReadAllBytes(Source);
        bool changed = false;
        try
        {
            changed = Weaken(file);
        }
        catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
        {
            Log.LogMessage(MessageImportance.High, "{0} is not an ELF library as expected ({1}); copied unchanged.", Source, e.Message);
            file = File.ReadAllBytes(Source);
        }

        string beside = Destination + ".tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.WriteAllBytes(beside, file);
        if (File.Exists(Destination))
        {
            File.Delete(Destination);
        }

        File.Move(beside, Destination);
        Log.LogMessage(MessageImportance.Low, changed ? "{0}: {1} is weak now." : "{0}: nothing to do for {1}.", Destination, Version);
        return true;
    }

    private bool Weaken(byte[] file)
    {
        bool isElf64 = file.Length > 64 && file[0] == 0x7f && file[1] == 'E' && file[2] == 'L' && file[3] == 'F' && file[4] == 2
            && file[5] == 1;
        if (!isElf64)
        {
            return false;
        }

        bool changed = false;
        int sections = (int)BitConverter.ToUInt64(file, 0x28);
        int sectionSize = BitConverter.ToUInt16(file, 0x3a);
        int sectionCount = BitConverter.ToUInt16(file, 0x3c);
        for (int s = 0; s < sectionCount; s++)
        {
            int header = sections + s * sectionSize;
            if (BitConverter.ToUInt32(file, header + 4) != VersionNeedSection)
            {
                continue;
            }

            int start = (int)BitConverter.ToUInt64(file, header + 0x18);
            int needCount = (int)BitConverter.ToUInt32(file, header + 0x2c); // sh_info: number of libraries
            int stringsHeader = sections + (int)BitConverter.ToUInt32(file, header + 0x28) * sectionSize; // sh_link
            int strings = (int)BitConverter.ToUInt64(file, stringsHeader + 0x18);

            int need = start;
            for (int n = 0; n < needCount; n++)
            {
                int auxCount = BitConverter.ToUInt16(file, need + 2);
                string library = ReadString(file, strings + (int)BitConverter.ToUInt32(file, need + 4));
                int aux = need + (int)BitConverter.ToUInt32(file, need + 8);
                for (int a = 0; a < auxCount && library == Library; a++)
                {
                    if (ReadString(file, strings + (int)BitConverter.ToUInt32(file, aux + 8)) == Version)
                    {
                        ushort flags = (ushort)(BitConverter.ToUInt16(file, aux + 4) | WeakFlag);
                        BitConverter.GetBytes(flags).CopyTo(file, aux + 4);
                        changed = true;
                    }

                    aux += (int)BitConverter.ToUInt32(file, aux + 12);
                }

                need += (int)BitConverter.ToUInt32(file, need + 12);
            }
        }

        return changed;
    }

    private static string ReadString(byte[] file, int offset)
    {
        int end = Array.IndexOf(file, (byte)0, offset);
        return Encoding.ASCII.GetString(file, offset, end - offset);
    }
}
