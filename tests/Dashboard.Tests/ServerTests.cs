using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>What the server answers, and whom.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_broker_the_page_is_up_and_says_so_and_goes_on_when_there_is_one()
    {
        var port = FreePort.Take();
        await using var dashboard = await RunningDashboard.StartAsync(_folder, new Uri($"amqp://localhost:{port}/"));

        Assert.Contains("RabbitMQ is not reached yet", await dashboard.GetAsync(""), StringComparison.Ordinal);
        using var health = await dashboard.Http.GetAsync(new Uri(dashboard.Address, "healthz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("RabbitMQ was not reached yet", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var broker = await RunningBroker.StartAsync(
            new BrokerRequest { OwnOnly = true, Port = port }, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        await dashboard.IsLiveAsync();
        Assert.DoesNotContain("not reached yet", await dashboard.GetAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_growing_file_is_shown_without_a_broker_and_the_statistics_are_JSON()
    {
        var (code, _) = await ProgramUnderTest.RunAsync("Producer.V0", _folder, broker: null, "--count", "500", "--interval", "0", "--auctions", "5", "--seed", "7");
        Assert.Equal(0, code);
        await using var dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "data/live.jsonl");
        using var stats = await StatsAsync();

        var bids = (await File.ReadAllLinesAsync(_folder["data/live.jsonl"])).Select(line =>
        {
            Assert.True(BidLine.TryRead(Encoding.UTF8.GetBytes(line), out var read, out _));
            return read.Bid;
        }).ToList();
        var root = stats.RootElement;
        Assert.Equal(
            ["bids", "bad", "amount", "highest", "high", "rate", "peak_rate", "since", "behind_seconds", "dropped", "exact", "items", "bidders", "auctions", "sales", "amounts"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(bids.Sum(bid => bid.Amount), root.GetProperty("amount").GetDecimal());
        Assert.Equal(bids.Max(bid => bid.Amount), root.GetProperty("highest").GetDecimal());
        Assert.Equal(bids.CountBy(bid => bid.Item).MaxBy(pair => pair.Value).Value, root.GetProperty("items")[0].GetProperty("bids").GetInt32());
        Assert.Equal(100, root.GetProperty("bidders").GetArrayLength());
        Assert.Equal(bids.Select(bid => bid.AuctionId).Distinct().Count(), root.GetProperty("auctions").GetArrayLength());
        Assert.Equal(500, root.GetProperty("amounts").GetProperty("buckets").EnumerateArray().Sum(bucket => bucket.GetProperty("bids").GetInt32()));
        Assert.Matches(@"""amount"":\d+\.\d\d,", await dashboard.GetAsync("api/stats"));

        var metrics = await dashboard.GetAsync("metrics");
        Assert.Matches(@"(?m)^auction_bids_total\{?.*\}? 500( \d+)?$", metrics);
        Assert.Matches(@"(?m)^auction_bid_amount_bucket\{.*le=""\+Inf"".*\} 500( \d+)?$", metrics);

        // Lists are up to a second older than the number of bids.
        async Task<JsonDocument> StatsAsync()
        {
            JsonDocument? read = null;
            await Eventually.TrueAsync("all bids are shown, also in the lists", async () =>
            {
                read?.Dispose();
                read = JsonDocument.Parse(await dashboard.GetAsync("api/stats"));
                return read.RootElement.GetProperty("bids").GetInt32() == 500
                    && read.RootElement.GetProperty("amounts").GetProperty("buckets").EnumerateArray().Sum(bucket => bucket.GetProperty("bids").GetInt32()) == 500;
            });
            return read!;
        }
    }

    [Theory]
    [InlineData("localhost", null, 200)]
    [InlineData("127.0.0.1", null, 200)]
    [InlineData("[::1]", null, 200)]
    [InlineData("evil.example", null, 403)]
    [InlineData("localhost.evil.example", null, 403)]
    [InlineData("localhost", "http://evil.example", 403)]
    [InlineData("localhost", "null", 403)]
    public async Task Only_names_of_this_machine_and_own_pages_are_answered(string host, string? origin, int status)
    {
        await using var dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl");
        using var request = new HttpRequestMessage(HttpMethod.Get, dashboard.Address) { Headers = { Host = $"{host}:{dashboard.Address.Port}" } };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await dashboard.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task A_web_socket_of_another_page_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl");
        foreach (var origin in (string?[])[null, "http://evil.example", $"https://localhost:{dashboard.Address.Port}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard.Address, "_blazor?id=1"));
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var response = await dashboard.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task With_a_password_nothing_is_seen_without_it()
    {
        const string Password = "correct horse";
        await File.WriteAllTextAsync(_folder[".env.toml"], $"[dashboard]\npassword = \"{Password}\"\n");
        await using var dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl", "--listen", "0.0.0.0");

        foreach (var (path, status) in new[] { ("", 302), ("auction/1", 302), ("bids.csv", 302), ("api/stats", 401), ("metrics", 401), ("_blazor/negotiate", 401), ("healthz", 200), ("login", 200) })
        {
            using var closed = await dashboard.Http.GetAsync(new Uri(dashboard.Address, path));
            Assert.True(status == (int)closed.StatusCode, $"{path}: {closed.StatusCode}");
        }

        using var wrong = await PostAsync("wrong horse");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await PostAsync(Password);
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = new HttpRequestMessage(HttpMethod.Get, dashboard.Address) { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        Assert.Equal(HttpStatusCode.OK, (await dashboard.Http.SendAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await WithBasicAsync(Password));

        for (var i = 2; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await WithBasicAsync($"guess {i}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await WithBasicAsync("guess 10"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await WithBasicAsync(Password));
        using var late = await PostAsync(Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.DoesNotContain(dashboard.Program.Lines, line => line.Contains("horse", StringComparison.Ordinal));

        Task<HttpResponseMessage> PostAsync(string password) =>
            dashboard.Http.PostAsync(new Uri(dashboard.Address, "login"), new FormUrlEncodedContent([new("password", password)]));

        async Task<HttpStatusCode> WithBasicAsync(string password)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard.Address, "api/stats"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{password}")));
            using var response = await dashboard.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData(2, "set a password with [dashboard] password first", "--listen", "0.0.0.0")]
    [InlineData(2, "--window is \"1s\": it must be", "--window", "1s")]
    [InlineData(2, "--from must be a folder of JSON lines", "--from", "data/bids.duckdb")]
    [InlineData(2, "--from does not go with --follow", "--from", "data/", "--follow", "live.jsonl")]
    [InlineData(2, "it must be an IP address", "--listen", "here")]
    public async Task A_wrong_flag_gets_one_sentence(int exitCode, string sentence, params string[] flags)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Dashboard", _folder, broker: null, flags);

        Assert.Equal(exitCode, code);
        Assert.Single(texts, text => text.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        await using var first = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl");

        var (code, texts) = await ProgramUnderTest.RunAsync("Dashboard", _folder, broker: null, "--follow", "none.jsonl", "--port", $"{first.Address.Port}", "--open", "n");

        Assert.Equal(1, code);
        Assert.Contains(texts, text => text.StartsWith($"The dashboard can't listen on 127.0.0.1:{first.Address.Port}:", StringComparison.Ordinal) && text.EndsWith("Choose another port with --port.", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_at_once_also_while_a_page_is_open()
    {
        await using var dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl");
        using var open = new TcpConnection(dashboard.Address.Port);

        dashboard.Program.Interrupt();

        Assert.Equal(0, await dashboard.Program.EndAsync());
    }

    [Fact]
    public async Task Dotnet_run_starts_it_in_the_current_folder()
    {
        var output = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var build = OwnedProcess.Start("dotnet", ["msbuild", RepositoryRoot.At("src/Dashboard/Dashboard.csproj"), "-getProperty:RunWorkingDirectory"], onOutput: output.Enqueue);

        Assert.Equal(0, await build.Exited.WaitAsync(ProgramUnderTest.Patience));
        Assert.Equal("", string.Concat(output).Trim());
    }

    private sealed class TcpConnection : IDisposable
    {
        private readonly System.Net.Sockets.TcpClient _client;

        public TcpConnection(int port) => _client = new System.Net.Sockets.TcpClient("localhost", port);

        public void Dispose() => _client.Dispose();
    }
}
