using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Repository;

/// <summary>Dependencies point one way: programs → Alerts, Records, Sales → Storage, Core.</summary>
public sealed partial class ProjectTests
{
    public static TheoryData<string> Sources => [.. RepositoryRoot.Files("src", "*.csproj").Select(NameOf)];

    public static TheoryData<string> Projects =>
        [.. new[] { "src", "tests", "bench" }.SelectMany(folder => RepositoryRoot.Files(folder, "*.csproj"))];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        var programs = RepositoryRoot.Files("src", "*.csproj").Select(NameOf).Except(["Core", "Storage", "Alerts", "Records", "Sales", "Records.DuckDB", "Recorder", "Report", "LocalBroker", "Demo"]);
        string[] allowed = project switch
        {
            "Core" or "Storage" => [],
            "LocalBroker" => ["Core"],
            "Alerts" or "Records" or "Sales" => ["Core", "Storage"],
            "Records.DuckDB" => ["Records"],
            "Recorder" => ["Records.DuckDB"],
            "Report" => ["Records.DuckDB", "Replay", "Sales"], // Replay's reader of CSV it uses
            "Dashboard" => ["Alerts", "Records", "Sales"],
            "Statistics" => ["Sales"],
            "Auctioneer" or "Settlement" => ["Alerts", "Sales"],
            "Demo" => ["Core", "LocalBroker", .. programs],
            _ => ["Core", "Alerts"],
        };

        Assert.Empty(References(project).Except(allowed));
    }

    [Fact]
    public void A_program_of_the_ladder_needs_Core_and_the_last_one_Alerts()
    {
        string[] ladder = [.. RepositoryRoot.Files("src", "*.csproj").Select(NameOf).Where(name => LadderName().IsMatch(name))];

        Assert.Equal(9, ladder.Length);
        Assert.All(ladder, program => Assert.Equal([program == "Consumer.V4" ? "Alerts" : "Core"], References(program)));
        Assert.All(ladder, program => Assert.Empty(Packages(program)));
    }

    [Fact]
    public void Core_has_no_native_package_and_none_for_mail()
    {
        var packages = Packages("Core");

        Assert.Contains("RabbitMQ.Client", packages);
        Assert.DoesNotContain(packages, p => NativeOrMailPackage().IsMatch(p));
    }

    [Fact]
    public void Only_Recorder_and_Report_need_DuckDB_whose_package_is_large() =>
        Assert.Equal(
            ["Recorder", "Records.DuckDB", "Report"],
            RepositoryRoot.Files("src", "*.csproj").Select(NameOf)
                .Where(p => References(p).Contains("Records.DuckDB") || Packages(p).Contains("DuckDB.NET.Data.Full")).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_is_in_the_solution(string path) =>
        Assert.Contains($"\"{path.Replace('/', '\\')}\"", File.ReadAllText(RepositoryRoot.At("AuctionTracker.sln")), StringComparison.Ordinal);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static List<string> References(string project) => [.. Included(project, "ProjectReference").Select(NameOf)];

    private static List<string> Packages(string project) => [.. Included(project, "PackageReference")];

    private static IEnumerable<string> Included(string project, string element) =>
        XDocument.Load(RepositoryRoot.At($"src/{project}/{project}.csproj")).Descendants(element).Select(e => e.Attribute("Include")!.Value);

    [GeneratedRegex(@"^(Producer|Consumer)\.V\d$")]
    private static partial Regex LadderName();

    [GeneratedRegex("(?i)sqlite|npgsql|duckdb|mailkit|mimekit")]
    private static partial Regex NativeOrMailPackage();
}
