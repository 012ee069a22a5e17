namespace Electra.Tests;

public class CacheFolderTests
{
    [Fact]
    public void The_own_variable_comes_first_then_the_users_cache_folder()
    {
        using var variables = new Variables();
        variables["ELECTRA_CACHE"] = "somewhere";
        Assert.Equal(Path.GetFullPath("somewhere"), CacheFolder.Root);
        variables["ELECTRA_CACHE"] = "";
        Assert.Equal("electra", Path.GetFileName(CacheFolder.Root));
        Assert.True(Path.IsPathRooted(CacheFolder.Root));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG_CACHE_HOME is Linux's.");
        variables["XDG_CACHE_HOME"] = "/var/cache/me";
        Assert.Equal("/var/cache/me/electra", CacheFolder.Root);
        variables["XDG_CACHE_HOME"] = "not/absolute"; // to be ignored, says the XDG specification
        Assert.EndsWith("/.cache/electra", CacheFolder.Root, StringComparison.Ordinal);
    }
}
