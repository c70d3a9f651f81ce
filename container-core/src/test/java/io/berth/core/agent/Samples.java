// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One valid request of each kind, every optional field filled in. */
public final class Samples {
    public static final ContainerId ID = ContainerId.of("00000000-0000-4000-8000-000000000001");
    static final ContainerId OTHER = ContainerId.of("00000000-0000-4000-8000-000000000002");
    static final SnapshotId SNAPSHOT = SnapshotId.of("01900000-0000-7000-8000-000000000001");
    static final ImageId IMAGE = new ImageId("sha256:" + "0".repeat(64));
    static final TenantName TENANT = new TenantName("demo");
    static final GuestUser USER = new GuestUser("root");
    static final VolumeId VOLUME = VolumeId.of("00000000-0000-4000-8000-000000000003");
    static final VolumeSpec VOLUME_SPEC = new VolumeSpec(new VolumeName("data"), TENANT, 1L << 30);
    static final List<VolumeMount> MOUNTS = List.of(new VolumeMount(VOLUME, new MountPath("/srv/data"), true));
    static final NetworkRules RULES = new NetworkRules(List.of(new PublishedPort(Protocol.TCP, 20_080, 80)));
    public static final ContainerSpec SPEC = new ContainerSpec(
                    new ContainerName("web"), TENANT, IMAGE, Limits.DEFAULT, NetworkMode.NAT)
            .with(MOUNTS)
            .with(RULES);
    static final PtyRequest PTY = new PtyRequest("xterm", 80, 24, 0, 0, new byte[] {0});

    static final PassportLine LINE =
            new PassportLine("ids.uid_map", "0 0 65536", "0 536870912 65536", PassportLine.Verdict.DRIFT, "a reason");

    private Samples() {}

    static AttachRequest attach(@Nullable String command, @Nullable PtyRequest pty) {
        return new AttachRequest(USER, command, pty, Map.of("LANG", "C.UTF-8"));
    }

    public static List<Request> all() {
        return List.of(
                new Request.Create(ID, SPEC),
                new Request.Start(ID),
                new Request.Stop(ID, 1),
                new Request.Restart(ID, 1),
                new Request.Freeze(ID),
                new Request.Thaw(ID),
                new Request.Resize(ID, Limits.DEFAULT),
                new Request.ChangeDevices(ID, Devices.of(Set.of(Device.TUN))),
                new Request.ChangeVolumes(ID, MOUNTS),
                new Request.ChangeNetworkRules(ID, RULES),
                new Request.CreateVolume(VOLUME, VOLUME_SPEC),
                new Request.ResizeVolume(VOLUME, 1L << 30),
                new Request.DeleteVolume(VOLUME),
                new Request.ListVolumes(VOLUME),
                new Request.Delete(ID),
                new Request.Inspect(ID),
                new Request.ListContainers(ID),
                new Request.ListIdRanges(0),
                new Request.ConsoleLog(ID, 100),
                new Request.DescribeBirth(ID),
                new Request.Denials(ID),
                new Request.Grant(ID, "bpf", Instant.EPOCH),
                new Request.Revoke(ID, "bpf"),
                new Request.AddPatch("vmsplice"),
                new Request.RemovePatch("vmsplice"),
                new Request.ListPatches(),
                new Request.ShowPatch("vmsplice"),
                new Request.Passport(ID),
                new Request.Quarantine(ID, new QuarantineReason("it sends spam")),
                new Request.Release(ID),
                new Request.ListSnapshots(ID),
                new Request.TakeSnapshot(ID, SNAPSHOT, new SnapshotName("before")),
                new Request.DeleteSnapshot(ID, SNAPSHOT),
                new Request.Restore(ID, SNAPSHOT),
                new Request.Copy(OTHER, SPEC, ID, SNAPSHOT),
                new Request.Rename(ID, new ContainerName("blog")),
                new Request.Usage(ID),
                new Request.ListUsage(ID),
                new Request.Disk(ID),
                new Request.ListDisks(ID),
                new Request.DescribeHost(),
                new Request.ExamineHost(),
                new Request.Metered(77, 7, 200),
                new Request.ListImages(),
                new Request.BuildImage(new ImageAlias("debian/bookworm")),
                new Request.ImportImage(new ImageAlias("debian/bookworm"), "debian.tar.xz"),
                new Request.DeleteImage(IMAGE),
                new Request.Watch(),
                new Request.Attach("no ticket", attach("true", PTY)),
                new Request.AttachAsRoot(ID, attach("true", PTY)),
                new Request.Signal("TERM"),
                new Request.Connect("no ticket", USER, new Endpoint.Tcp("localhost", 80)),
                new Request.Listen("no ticket", USER, new Endpoint.Tcp("", 0)),
                new Request.Ping(),
                new Request.Shutdown(1));
    }
}
