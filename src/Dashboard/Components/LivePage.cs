using AuctionTracker.Dashboard.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AuctionTracker.Dashboard.Components;

/// <summary>A page that shows the latest view. It keeps no queue: a tick that comes while a page is drawn finds the next view.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private IDisposable? _subscription;

    [Inject]
    private protected IServiceProvider Services { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    /// <summary>The latest view.</summary>
    protected DashboardView View { get; private set; } = null!;

    /// <summary>The browser's time zone; UTC until it is known.</summary>
    protected ViewerClock Clock { get; private set; } = ViewerClock.Utc;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        var ticker = Services.GetRequiredService<ViewTicker>();
        View = ticker.View;
        if (RendererInfo.IsInteractive)
        {
            _subscription = ticker.Subscribe(() => _ = InvokeAsync(() =>
            {
                View = ticker.View;
                OnTick();
                StateHasChanged();
            }));
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            Clock = ViewerClock.Of(await Browser.InvokeAsync<BrowserZone>("auctionZone"));
            StateHasChanged();
        }
        catch (Exception e) when (e is JSException or System.Text.Json.JsonException or JSDisconnectedException or OperationCanceledException)
        {
            // The browser is gone, or does not know its zone: times stay in UTC.
        }
    }

    /// <summary>Called before a new view is drawn.</summary>
    protected virtual void OnTick()
    {
    }

    /// <summary>Ends the subscription.</summary>
    public void Dispose()
    {
        _subscription?.Dispose();
        GC.SuppressFinalize(this);
    }
}
