// Setup: asks for the settings, tests them, and writes .env.toml.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Setup;

var definition = new ProgramDefinition([], _ => [], counts => counts.Received, InterruptedMessage: "") { WritesSettings = true };

return await AuctionProgram.RunAsync(
    "setup", "Asks for the settings, tests them, and writes .env.toml.", definition, args, async (run, stop) =>
{
    var path = run.Arguments.GetValue<string>("--settings") ?? AuctionSettings.DefaultFile;
    var prompts = new SetupPrompts(run.Arguments.GetValue<string>("--broker"));
    try
    {
        var file = await SettingsFile.OpenAsync(path, SetupPrompts.Settings, stop);
        prompts.Show("");
        prompts.Show($"Settings for {path}. Enter takes the answer in brackets; Ctrl+C ends Setup without saving.");
        var choice = FailedCheckChoice.Change;
        while (choice == FailedCheckChoice.Change)
        {
            file = await prompts.AskAllAsync(file, stop);
            choice = await SettingsCheck.PassAsync(run, file.Read(), stop)
                ? FailedCheckChoice.Save
                : await prompts.AskAfterFailureAsync(stop);
        }

        if (choice == FailedCheckChoice.Leave)
        {
            run.Log.Information("Nothing was written.");
            return;
        }

        await file.SaveAsync(stop);
        run.Log.Information("Wrote {Path}.{Access}", path, OperatingSystem.IsWindows() ? "" : " Only you can read it.");
        foreach (var setting in SetupPrompts.Settings.Where(s => Environment.GetEnvironmentVariable(s.EnvironmentVariable) is not null))
        {
            run.Log.Warning("{Variable} is set in the environment, which overrides the file.", setting.EnvironmentVariable);
        }
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        prompts.Show("");
        run.Log.Information("Setup interrupted. Nothing was written.");
    }
});
