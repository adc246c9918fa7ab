using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Writes what the engine tells people to the log.</summary>
internal sealed partial class NoticeLog(ManifestLog manifests, DeviceLog devices, FailureLog failures, LogGate gate, ILogger<NoticeLog> logger)
{
    /// <summary>Writes what a step told, and what is due of what was held back, of that or of effects that failed.</summary>
    public void Tell(ImmutableArray<FleetNotice> notices)
    {
        foreach (var notice in notices)
        {
            Tell(notice);
        }

        manifests.Tell();
        devices.Tell();
        failures.Tell();
    }

    private void Tell(FleetNotice notice)
    {
        switch (notice)
        {
            case FleetNotice.DeploymentAcquired acquired:
                TellAcquired(acquired.Key, acquired.Resource);
                break;
            case FleetNotice.DeploymentInvalid invalid:
                LogDeploymentInvalid(logger, invalid.Key, invalid.Generation, invalid.Errors);
                break;
            case FleetNotice.DeploymentDeleting deleting:
                LogDeploymentDeleting(logger, deleting.Key);
                break;
            case FleetNotice.DeploymentGone gone:
                LogDeploymentGone(logger, gone.Key);
                break;
            case FleetNotice.IntentLost lost:
                LogIntentLost(logger, lost.Key, lost.Devices);
                break;
            case FleetNotice.UnusableName unusable:
                LogUnusable(logger, unusable.Kind, unusable.Name);
                break;
            case FleetNotice.DeviceAcquired acquired:
                devices.Acquired(acquired.Device);
                break;
            case FleetNotice.DeviceDeleting deleting:
                LogDeviceDeleting(logger, deleting.Device);
                break;
            case FleetNotice.DeviceGone gone:
                devices.Gone(gone.Device);
                break;
            case FleetNotice.DeviceTurned turned:
                devices.Turned(turned.Device, turned.IsReachable);
                break;
            case FleetNotice.SilenceHeld held:
                LogHolding(logger, held.IsHolding);
                break;
            case FleetNotice.Woke woke:
                LogWoke(logger, (long)woke.Pause.TotalSeconds);
                break;
            case FleetNotice.DeviceInvalid or FleetNotice.IdentityDuplicated or FleetNotice.DocumentOutdated or FleetNotice.ManifestRefused or FleetNotice.ManifestHeld:
                TellOfWords(notice);
                break;
            case FleetNotice.ManifestStored stored:
                manifests.Stored(stored.Device, stored.Step);
                break;
            case FleetNotice.ManifestsDoubted doubted:
                LogRestarted(logger, doubted.Reason);
                break;
            case FleetNotice.WriteRefused refused:
                LogWriteRefused(logger, refused.Resource, refused.Reason);
                break;
            case FleetNotice.Poisoned poisoned:
                LogPoisoned(logger, poisoned.Subject, poisoned.Error);
                break;
            default:
                throw new InvalidOperationException($"The notice is not known: {notice}");
        }
    }

    /// <summary>What a device causes by what it says, and so as often as it likes.</summary>
    private void TellOfWords(FleetNotice notice)
    {
        var suppressed = 0;
        bool IsOpen(DeviceId device) => gate.IsOpen(notice.GetType().Name, device.Value, out suppressed);
        switch (notice)
        {
            case FleetNotice.DeviceInvalid invalid when IsOpen(invalid.Device):
                LogDeviceInvalid(logger, invalid.Device, invalid.Errors, suppressed);
                break;
            case FleetNotice.IdentityDuplicated duplicated when IsOpen(duplicated.Device):
                LogDuplicate(logger, duplicated.Device, duplicated.IsDuplicate, suppressed);
                break;
            case FleetNotice.DocumentOutdated outdated when IsOpen(outdated.Device):
                LogOutdated(logger, outdated.Device, outdated.Order, outdated.Known?.Boot ?? 0, suppressed);
                break;
            case FleetNotice.ManifestRefused refused when IsOpen(refused.Device):
                LogManifestRefused(logger, refused.Device, refused.Reason, ErrorText.Cut(refused.Message), suppressed);
                break;
            case FleetNotice.ManifestHeld held when IsOpen(held.Device):
                LogManifestHeld(logger, held.Device, held.Deployments, suppressed);
                break;
            default:
                break;
        }
    }

    private void TellAcquired(DeploymentKey key, Deployment resource)
    {
        var count = resource.Spec.Score.PodmanV0?.Containers.Length ?? 0;
        var selector = Selector.TryCompile(resource.Spec.TargetSelector) is SelectorOutcome.Compiled compiled ? compiled.Selector.ToString() : "invalid";
        LogDeploymentAcquired(logger, key, resource.Metadata.Generation, count == 1 ? "1 container" : $"{count} containers", selector);
    }
}
