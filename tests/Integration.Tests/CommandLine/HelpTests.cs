using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.CommandLine;

/// <summary>The table of flags in docs/settings.md is what <c>--help</c> shows.</summary>
public sealed partial class HelpTests
{
    private static readonly string[] OfEveryProgram = ["--broker", "--wait", "--settings", "--logs", "--quiet", "--help", "--version"];

    private static readonly Dictionary<string, string> Rows = File.ReadLines(RepositoryRoot.At("docs/settings.md"))
        .Select(line => Row().Match(line)).Where(row => row.Success)
        .ToDictionary(row => row.Groups["program"].Value, row => row.Groups["flags"].Value);

    public static TheoryData<string> Programs =>
        [.. Directory.EnumerateDirectories(RepositoryRoot.At("src"), "*", SearchOption.TopDirectoryOnly)
            .Where(folder => File.Exists(Path.Combine(folder, "Program.cs"))).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_has_the_flags_of_the_docs(string program)
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(program, folder, null, "--help");

        Assert.Equal(0, exitCode);
        var shown = texts.Select(text => FlagOfLine().Match(text)).Where(flag => flag.Success).Select(flag => flag.Groups["flag"].Value).ToList();
        Assert.Superset(OfEveryProgram.ToHashSet(), shown.ToHashSet());
        var own = string.Concat(shown.Except(OfEveryProgram).Select(flag => $"`{flag}` "));
        Assert.True(Rows.GetValueOrDefault(program) == own, $"docs/settings.md must have the row:\n| {program} | {own}|");
    }

    [GeneratedRegex(@"^\| (?<program>[A-Z][A-Za-z0-9.]*) \| (?<flags>(`--[a-z-]+` )*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^ +(-\S+, )*(?<flag>--[a-z-]+)")]
    private static partial Regex FlagOfLine();
}
