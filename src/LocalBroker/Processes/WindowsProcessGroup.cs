using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.LocalBroker.Processes;

/// <summary>
/// A process group of its own, so that Ctrl+C does not reach it and Ctrl+Break can be sent to it alone, in a job object that Windows
/// kills when the owner ends.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsProcessGroup : IProcessGroup
{
    private const uint CtrlBreak = 1;

    // A child process is born into its parent's jobs. So it ends with this process even if this process ends before the child
    // is in the job of its group.
    private static readonly JobObject JobOfThisProcess = JobObject.With(Process.GetCurrentProcess());

    private readonly JobObject _job;

    private WindowsProcessGroup(Process process) => (Process, _job) = (process, JobObject.With(process));

    public Process Process { get; }

    public static WindowsProcessGroup Start(ProcessStartInfo start)
    {
        GC.KeepAlive(JobOfThisProcess);
        start.CreateNewProcessGroup = true;
        start.Environment[AuctionProgram.StopAtEndOfInput] = "1";
        return new(Process.Start(start)!);
    }

    // The suite's programs take the end of their standard input for the request, others Ctrl+Break.
    public void Send(PosixSignal signal)
    {
        Process.StandardInput.Close();
        GenerateConsoleCtrlEvent(CtrlBreak, Process.Id);
    }

    public void RequestStop() => Send(PosixSignal.SIGTERM);

    public void Kill() => Process.Kill();

    public void KillAll() => _job.Kill();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint signal, int processGroup);
}
