using AuctionTracker.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>Debian's Chromium, without a window.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>The time zone of the browser.</summary>
    public const string Zone = "Europe/Stockholm";

    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    public async Task InitializeAsync()
    {
        await DebianPackages.RequireAsync("chromium");
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await (_chromium?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>Opens the dashboard in a browser profile of its own, and waits until it is live.</summary>
    public async Task<BrowserPage> OpenAsync(Uri dashboard, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var opened = await CreateAsync(dashboard, width, scheme);
        await opened.Page.GotoAsync("/");
        await opened.HasAsync("footer", Zone); // from here on the page reacts
        return opened;
    }

    /// <summary>Creates an empty page in a browser profile of its own.</summary>
    public async Task<BrowserPage> CreateAsync(Uri dashboard, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _chromium!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            TimezoneId = Zone,
            BaseURL = dashboard.ToString(),
        });
        return new BrowserPage(context, await context.NewPageAsync());
    }
}

/// <summary>A page, what its console said, and what it asked the network for.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public BrowserPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Messages.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Messages.Add(error);
        page.Dialog += (_, dialog) => Messages.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => Requests.Add(request.Url);
        page.WebSocket += (_, socket) => Requests.Add(socket.Url);
    }

    public IPage Page { get; }

    public List<string> Messages { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>Waits until an element has a text.</summary>
    public Task HasAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector).First).ToContainTextAsync(text, new() { Timeout = (float)ProgramUnderTest.Patience.TotalMilliseconds });

    /// <summary>Waits until a large figure has a value.</summary>
    public Task HasFigureAsync(string name, string value) => Assertions.Expect(Page.Locator($".figures div:has(dt:text-is('{name}')) dd").First)
        .ToHaveTextAsync(value, new() { Timeout = (float)ProgramUnderTest.Patience.TotalMilliseconds });

    /// <summary>The pixels by which the page is wider than the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
