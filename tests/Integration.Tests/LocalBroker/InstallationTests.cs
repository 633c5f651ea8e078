using AuctionTracker.LocalBroker.Nodes;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.LocalBroker;

public sealed class InstallationTests
{
    [Fact]
    public void On_Windows_the_newest_installed_version_is_used_with_the_rabbitmqctl_beside_it()
    {
        using var folder = new TempFolder();
        foreach (var version in (string[])["3.13.7", "4.0.9", "4.0.10"])
        {
            var sbin = Directory.CreateDirectory(folder[$"rabbitmq_server-{version}/sbin"]).FullName;
            File.WriteAllText(Path.Combine(sbin, "rabbitmq-server.bat"), "");
        }

        Directory.CreateDirectory(folder["rabbitmq_server-4.1.0/etc"]); // what the uninstaller leaves behind

        var installed = Installation.NewestIn(folder.Path)!;

        Assert.Equal("RabbitMQ 4.0.10", installed.Name);
        Assert.Equal(folder["rabbitmq_server-4.0.10/sbin/rabbitmq-server.bat"], installed.Server);
        Assert.Equal(folder["rabbitmq_server-4.0.10/sbin/rabbitmqctl.bat"], installed.Control);
    }

    [Fact]
    public void Without_RabbitMQ_s_folder_there_is_no_installation()
    {
        using var folder = new TempFolder();
        Assert.Null(Installation.NewestIn(folder["RabbitMQ Server"]));
        Assert.Null(Installation.NewestIn(folder.Path));
    }

    [Fact]
    public void A_node_keeps_its_files_in_its_folder_and_to_this_machine()
    {
        using var folder = new TempFolder();

        var variables = InstalledNode.Variables(folder.Path, "auction@localhost", epmdPort: 4370, distributionPort: 25673);

        string[] files = ["RABBITMQ_BASE", "RABBITMQ_CONFIG_FILE", "RABBITMQ_ADVANCED_CONFIG_FILE", "RABBITMQ_ENABLED_PLUGINS_FILE", "RABBITMQ_MNESIA_BASE", "RABBITMQ_LOG_BASE"];
        Assert.All(files, name => Assert.StartsWith(folder.Path, variables[name], StringComparison.Ordinal));
        Assert.Equal(("auction@localhost", "4370", "25673"), (variables["RABBITMQ_NODENAME"], variables["ERL_EPMD_PORT"], variables["RABBITMQ_DIST_PORT"]));
        Assert.Equal("127.0.0.1", variables["ERL_EPMD_ADDRESS"]);
        Assert.Equal("-kernel inet_dist_use_interface {127,0,0,1}", variables["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]);
    }
}
