using System.Net;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The form that asks for the password.</summary>
public sealed class LoginTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder _folder = new();
    private RunningDashboard _dashboard = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder[".env.toml"], $"[dashboard]\npassword = \"{Password}\"\n");
        _dashboard = await RunningDashboard.StartAsync(_folder, broker: null, "--follow", "none.jsonl", "--listen", "0.0.0.0");
    }

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_browser_gets_to_the_page_it_asked_for_once_the_password_is_right()
    {
        await using var page = await browser.CreateAsync(_dashboard.Address);
        await page.Page.GotoAsync("/?item=art&bidder=J%C3%B6");

        await SendAsync("wrong horse");
        await page.HasAsync("[role=alert]", "That is not the password.");
        await SendAsync(Password);

        await page.HasAsync(".filter strong", "art");
        await page.HasAsync("footer", Browser.Zone); // the web socket is let in, too
        Assert.Equal("/?item=art&bidder=J%C3%B6", new Uri(page.Page.Url).PathAndQuery);

        async Task SendAsync(string password)
        {
            await page.Page.FillAsync("#password", password);
            await page.Page.ClickAsync("button");
        }
    }

    [Theory]
    [InlineData("/auction/a%2F1%20?x=1", "/auction/a%2F1%20?x=1")]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("~//evil.example/", "/")]
    [InlineData("evil", "/")]
    [InlineData("/\u00e9", "/")]
    [InlineData("/\r\nSet-Cookie: a=b", "/")]
    public async Task A_login_leads_to_a_path_of_the_dashboard_only(string asked, string location)
    {
        using var answer = await PostAsync($"login?return={Uri.EscapeDataString(asked)}", origin: null);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(location, Assert.Single(answer.Headers.GetValues("Location")));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Redirect)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    public async Task A_form_of_another_site_is_refused(string? origin, HttpStatusCode status)
    {
        using var answer = await PostAsync("login", origin);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("localhost", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal); // from elsewhere that name leads to another machine
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_dashboard.Address, path)) { Content = new FormUrlEncodedContent([new("password", Password)]) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await _dashboard.Http.SendAsync(request);
    }
}
