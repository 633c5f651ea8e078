using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Demo;

/// <summary>Finds projects of the repository that this program was built in.</summary>
internal static class RepositoryProject
{
    /// <param name="name">The folder in <c>src</c>.</param>
    /// <exception cref="ProgramException">This program does not lie in the repository.</exception>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AuctionTracker.sln")))
            {
                return Path.Combine(folder.FullName, "src", name);
            }
        }

        throw new ProgramException($"--sales starts {name} with dotnet run, which needs its project: run Demo in a clone of the repository.");
    }
}
