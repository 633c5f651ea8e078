// What a page asks of the browser: its time zone, and the reconnection when the server was away.
window.auctionZone = () => ({ name: Intl.DateTimeFormat().resolvedOptions().timeZone, offset: -new Date().getTimezoneOffset() });

const away = document.getElementById('away');
let isReturning = false;

// A new server does not know the old circuit: then the page is loaded again.
async function comeBack() {
    if (isReturning) return;
    isReturning = true;
    away.hidden = false;
    for (;;) {
        try {
            await fetch('/healthz', { cache: 'no-store' }); // any answer will do
            let isKnown = false;
            try { isKnown = await Blazor.reconnect(); } catch { }
            if (!isKnown) { location.reload(); return; }
            away.hidden = true;
            isReturning = false;
            return;
        } catch { }
        await new Promise(resolve => setTimeout(resolve, 1000));
    }
}

// A page that comes back to the foreground may have lost its circuit without noticing it.
document.addEventListener('visibilitychange', async () => {
    if (document.visibilityState !== 'visible' || isReturning) return;
    try { await fetch('/healthz', { cache: 'no-store' }); } catch { comeBack(); }
});

Blazor.registerCustomEventType('chartpoint', { createEventArgs: event => ({ x: event.detail }) });
Blazor.start({
    circuit: {
        configureSignalR: builder => builder.configureLogging(3), // warnings
        reconnectionHandler: { onConnectionDown: comeBack, onConnectionUp: () => { away.hidden = true; isReturning = false; } },
    },
});

// Tells the server where in a chart the pointer is, ten times a second at most; -1 when it has left.
let last = 0, timer = 0;
function tell(chart, x) {
    last = performance.now();
    chart.dispatchEvent(new CustomEvent('chartpoint', { bubbles: true, detail: x }));
}
document.addEventListener('pointermove', event => {
    const chart = event.target.closest?.('[data-chart]');
    if (!chart) return;
    const box = chart.getBoundingClientRect();
    const x = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    clearTimeout(timer);
    timer = setTimeout(() => tell(chart, x), Math.max(0, 100 - (performance.now() - last)));
});
document.addEventListener('pointerout', event => {
    const chart = event.target.closest?.('[data-chart]');
    if (chart && !chart.contains(event.relatedTarget)) {
        clearTimeout(timer);
        tell(chart, -1);
    }
});
