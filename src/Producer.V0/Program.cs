// Producer v0: appends each bid to a file, a line a bid. It needs no broker.
using AuctionTracker.Core.Files;
using AuctionTracker.Core.Hosting;

return await AuctionProgram.RunAsync(
    "producer_v0.0", "Appends a bid to a file, every interval.", ProgramDefinition.FileProducer, args, async (run, stop) =>
{
    await using var file = await BidFile.OpenAsync(run, stop);
    await foreach (var bid in run.Bids(stop))
    {
        await file.AppendAsync(bid);
        run.BidLog.Information("Sent message: {Bid}", bid.Json);
    }
});
