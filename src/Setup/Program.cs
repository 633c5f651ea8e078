// Setup: asks for the settings, tests them, and writes .env.toml.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Setup;

var definition = new ProgramDefinition([], _ => [], counts => counts.Received, InterruptedMessage: "") { WritesSettings = true };

return await AuctionProgram.RunAsync(
    "setup", "Asks for the settings, tests them, and writes .env.toml.", definition, args, async (run, stop) =>
{
    var path = run.Arguments.GetValue<string>("--settings") ?? AuctionSettings.DefaultFile;
    var dialogue = new SetupDialog();
    var questions = new SetupPrompts(dialogue, run.Arguments.GetValue<string>("--broker"));
    try
    {
        var file = await SettingsFile.OpenAsync(path, SetupPrompts.Settings, stop);
        dialogue.Say("");
        dialogue.Say($"Settings for {path}. Enter takes what is in brackets; Ctrl+C leaves without saving.");
        for (var then = CheckResult.Change; then != CheckResult.Save;)
        {
            file = await questions.AskAsync(file, stop);
            then = await SettingsCheck.PassAsync(run, file.Read(), stop) ? CheckResult.Save : await questions.AskVerdictAsync(stop);
            if (then == CheckResult.Leave)
            {
                run.Log.Information("Nothing was written.");
                return;
            }
        }

        await file.SaveAsync(stop);
        run.Log.Information("Wrote {Path}{Mode}.", path, OperatingSystem.IsWindows() ? "" : ", readable by its owner only");
        foreach (var setting in SetupPrompts.Settings.Where(s => Environment.GetEnvironmentVariable(s.EnvironmentVariable) is not null))
        {
            run.Log.Warning("{Variable} is set in the environment, which goes before the file.", setting.EnvironmentVariable);
        }
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        dialogue.Say("");
        run.Log.Information("Setup interrupted. Nothing was written.");
    }
});
