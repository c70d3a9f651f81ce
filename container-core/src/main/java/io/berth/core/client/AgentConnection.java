// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.ReceivedMessage;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.protocol.MalformedMessageException;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The agent over its socket: a connection per call, nothing kept between calls. For platform threads: calls block natively. */
public final class AgentConnection implements Agent, ContainerSockets {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path socket;

    /** @param socket where the agent listens, {@code $BERTH_RUN_DIR/agent.sock} */
    public AgentConnection(Path socket) {
        this.socket = socket;
    }

    @Override
    public ContainerStatus container(Request request) {
        try (PacketChannel channel = send(request)) {
            return receive(channel, Reply.Container.class).status();
        }
    }

    @Override
    public List<ContainerStatus> list() {
        List<ContainerStatus> all = new ArrayList<>();
        @Nullable ContainerId after = null;
        while (true) {
            Reply.Containers page = page(after);
            all.addAll(page.containers());
            if (!page.more() || page.containers().isEmpty()) {
                return all;
            }
            after = page.containers().getLast().id();
        }
    }

    private Reply.Containers page(@Nullable ContainerId after) {
        try (PacketChannel channel = send(new Request.ListContainers(after))) {
            return receive(channel, Reply.Containers.class);
        }
    }

    @Override
    public List<IdRangeStatus> idRanges() {
        List<IdRangeStatus> all = new ArrayList<>();
        long after = 0;
        while (true) {
            Reply.IdRanges page = idRangesAfter(after);
            all.addAll(page.ranges());
            if (!page.more() || page.ranges().isEmpty()) {
                return all;
            }
            after = page.ranges().getLast().start();
        }
    }

    private Reply.IdRanges idRangesAfter(long after) {
        try (PacketChannel channel = send(new Request.ListIdRanges(after))) {
            return receive(channel, Reply.IdRanges.class);
        }
    }

    @Override
    public void delete(ContainerId id) {
        done(new Request.Delete(id));
    }

    @Override
    public List<ImageStatus> images() {
        try (PacketChannel channel = send(new Request.ListImages())) {
            return receive(channel, Reply.Images.class).images();
        }
    }

    @Override
    public ImageStatus buildImage(ImageAlias alias, Consumer<String> progress) {
        try (PacketChannel channel = send(new Request.BuildImage(alias))) {
            return image(channel, progress);
        }
    }

    @Override
    public ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress) {
        try (PacketChannel channel = send(new Request.ImportImage(alias, from), archives)) {
            return image(channel, progress);
        }
    }

    private ImageStatus image(PacketChannel channel, Consumer<String> progress) {
        while (true) {
            switch (receive(channel)) {
                case Reply.Progress(String line) -> progress.accept(line);
                case Reply.Image(var image) -> {
                    return image;
                }
                case Reply other -> throw unexpected(other);
            }
        }
    }

    @Override
    public DenialReport denials(ContainerId id) {
        try (PacketChannel channel = send(new Request.Denials(id))) {
            return receive(channel, Reply.Denials.class).report();
        }
    }

    @Override
    public ContainerPassport passport(ContainerId id) {
        try (PacketChannel channel = send(new Request.Passport(id))) {
            return receive(channel, Reply.Passport.class).passport();
        }
    }

    @Override
    public List<PatchStatus> patches() {
        try (PacketChannel channel = send(new Request.ListPatches())) {
            return receive(channel, Reply.Patches.class).patches();
        }
    }

    @Override
    public List<PatchCoverage> coverage(Request request) {
        try (PacketChannel channel = send(request)) {
            List<PatchCoverage> all = new ArrayList<>();
            Reply.Coverage part;
            do {
                part = receive(channel, Reply.Coverage.class);
                all.addAll(part.containers());
            } while (part.more());
            return all;
        }
    }

    @Override
    public UsageStatus usage(ContainerId id) {
        return usages(new Request.Usage(id)).usages().getFirst();
    }

    @Override
    public List<UsageStatus> usages() {
        List<UsageStatus> all = new ArrayList<>();
        @Nullable ContainerId after = null;
        Reply.Usages page;
        do {
            page = usages(new Request.ListUsage(after));
            all.addAll(page.usages());
            after = all.isEmpty() ? null : all.getLast().id();
        } while (page.more() && !page.usages().isEmpty());
        return all;
    }

    private Reply.Usages usages(Request request) {
        try (PacketChannel channel = send(request)) {
            return receive(channel, Reply.Usages.class);
        }
    }

    @Override
    public DiskStatus disk(ContainerId id) {
        return disks(new Request.Disk(id)).disks().getFirst().disk();
    }

    @Override
    public List<ContainerDisk> disks() {
        List<ContainerDisk> all = new ArrayList<>();
        @Nullable ContainerId after = null;
        Reply.Disks page;
        do {
            page = disks(new Request.ListDisks(after));
            all.addAll(page.disks());
            after = all.isEmpty() ? null : all.getLast().id();
        } while (page.more() && !page.disks().isEmpty());
        return all;
    }

    private Reply.Disks disks(Request request) {
        try (PacketChannel channel = send(request)) {
            return receive(channel, Reply.Disks.class);
        }
    }

    @Override
    public VolumeStatus volume(Request request) {
        try (PacketChannel channel = send(request)) {
            return receive(channel, Reply.Volume.class).status();
        }
    }

    @Override
    public List<VolumeStatus> volumes() {
        List<VolumeStatus> all = new ArrayList<>();
        @Nullable VolumeId after = null;
        Reply.Volumes page;
        do {
            page = volumes(after);
            all.addAll(page.volumes());
            after = all.isEmpty() ? null : all.getLast().id();
        } while (page.more() && !page.volumes().isEmpty());
        return all;
    }

    private Reply.Volumes volumes(@Nullable VolumeId after) {
        try (PacketChannel channel = send(new Request.ListVolumes(after))) {
            return receive(channel, Reply.Volumes.class);
        }
    }

    @Override
    public HostFigures host() {
        try (PacketChannel channel = send(new Request.DescribeHost())) {
            return receive(channel, Reply.Host.class).figures();
        }
    }

    @Override
    public List<HostFinding> findings() {
        try (PacketChannel channel = send(new Request.ExamineHost())) {
            return receive(channel, Reply.Findings.class).findings();
        }
    }

    @Override
    public Optional<MeterRound> metered(long series, long number) {
        List<MeterReading> readings = new ArrayList<>();
        Reply.Metered page = metered(new Request.Metered(series, number, 0));
        MeterRound first = page.round();
        if (first == null) {
            return Optional.empty();
        }
        MeterRound round = first;
        while (page.more()) {
            readings.addAll(round.readings());
            page = metered(new Request.Metered(first.series(), first.number(), readings.size()));
            round = page.round();
            if (round == null || round.series() != first.series() || round.number() != first.number()) {
                throw new AgentException(
                        Refusal.CONFLICT, "the node forgot round " + first.number() + " while it was read; ask again");
            }
        }
        readings.addAll(round.readings());
        return Optional.of(first.with(readings));
    }

    private Reply.Metered metered(Request.Metered request) {
        try (PacketChannel channel = send(request)) {
            return receive(channel, Reply.Metered.class);
        }
    }

    @Override
    public List<SnapshotStatus> snapshots(ContainerId id) {
        try (PacketChannel channel = send(new Request.ListSnapshots(id))) {
            return receive(channel, Reply.Snapshots.class).snapshots();
        }
    }

    @Override
    public String text(Request request) {
        try (PacketChannel channel = send(request)) {
            var whole = new StringBuilder();
            Reply.Text part;
            do {
                part = receive(channel, Reply.Text.class);
                whole.append(part.text());
            } while (part.more());
            return whole.toString();
        }
    }

    @Override
    public void done(Request request) {
        try (PacketChannel channel = send(request)) {
            receive(channel, Reply.Done.class);
        }
    }

    @Override
    public void watch(Consumer<Reply> events) {
        try (PacketChannel channel = send(new Request.Watch())) {
            while (!Thread.currentThread().isInterrupted()) {
                events.accept(event(receive(channel)));
            }
        }
    }

    private static Reply event(Reply reply) {
        return switch (reply) {
            case Reply.Container _, Reply.Removed _, Reply.Drift _, Reply.Done _ -> reply;
            default -> throw unexpected(reply);
        };
    }

    @Override
    public AttachedProcess attach(String ticket, AttachRequest request) {
        return attached(new Request.Attach(ticket, request));
    }

    @Override
    public AttachedProcess attachAsRoot(ContainerId id, AttachRequest request) {
        return attached(new Request.AttachAsRoot(id, request));
    }

    private AttachedProcess attached(Request request) {
        PacketChannel channel = send(request);
        try {
            ReceivedMessage message = packet(channel, PacketChannel.MOST_FDS);
            try {
                return SocketProcess.of(
                        expect(decode(message), Reply.Attached.class).pty(), message.fds(), channel);
            } catch (RuntimeException e) {
                message.close();
                throw e;
            }
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public ContainerSocket connect(String ticket, GuestUser user, Endpoint to) {
        try (PacketChannel channel = send(new Request.Connect(ticket, user, to))) {
            return descriptors(channel, Reply.Connected.class, (_, fds) -> {
                requireDescriptors(fds, 1, 1);
                return new FdSocket(fds.getFirst(), ContainerSocket.Peer.NONE);
            });
        }
    }

    @Override
    public ContainerListener listen(String ticket, GuestUser user, Endpoint at) {
        try (PacketChannel channel = send(new Request.Listen(ticket, user, at))) {
            return descriptors(channel, Reply.Listening.class, (listening, fds) -> {
                int others = listening.kept() ? 1 : 0;
                requireDescriptors(fds, 1 + others, 2 + others);
                List<Fd> sockets = fds.subList(0, fds.size() - others);
                return new FdListener(listening.at(), sockets, listening.kept() ? fds.getLast() : null);
            });
        }
    }

    /** Closes the descriptors unless they are taken over. */
    private <R extends Reply, T> T descriptors(
            PacketChannel channel, Class<R> type, BiFunction<R, List<Fd>, T> takeOver) {
        ReceivedMessage message = packet(channel, PacketChannel.MOST_FDS);
        try {
            return takeOver.apply(expect(decode(message), type), message.fds());
        } catch (RuntimeException e) {
            message.close();
            throw e;
        }
    }

    private static void requireDescriptors(List<Fd> fds, int least, int most) {
        if (fds.size() < least || fds.size() > most) {
            throw new AgentException(Refusal.FAILED, "the node agent sent " + fds.size() + " descriptors; restart it");
        }
    }

    private PacketChannel send(Request request) {
        return send(request, List.of());
    }

    private PacketChannel send(Request request, List<Fd> fds) {
        byte[] packet = Wire.encode(request);
        if (packet.length > Wire.MOST_BYTES) {
            throw new AgentException(
                    Refusal.INVALID,
                    "the request has " + packet.length + " bytes; the agent takes at most " + Wire.MOST_BYTES);
        }
        PacketChannel channel = connect();
        // false: the agent turned us away before we asked; what it said is there to be received
        channel.send(packet, fds, PATIENCE);
        return channel;
    }

    private PacketChannel connect() {
        try {
            return PacketChannel.connect(socket);
        } catch (SyscallException e) {
            throw switch (e.errno()) {
                case ENOENT, ECONNREFUSED -> silent(e);
                case EACCES ->
                    new AgentException(
                            Refusal.FORBIDDEN,
                            "this user may not reach the node agent at " + socket + "; become root",
                            e);
                default -> new AgentException(Refusal.FAILED, "connecting to the node agent: " + e.getMessage(), e);
            };
        }
    }

    private AgentException silent(@Nullable Exception cause) {
        String message = "the node agent does not answer at " + socket + "; start it with ./berth up";
        return cause == null
                ? new AgentException(Refusal.FAILED, message)
                : new AgentException(Refusal.FAILED, message, cause);
    }

    private <T extends Reply> T receive(PacketChannel channel, Class<T> type) {
        return expect(receive(channel), type);
    }

    private Reply receive(PacketChannel channel) {
        return decode(packet(channel, 0));
    }

    private ReceivedMessage packet(PacketChannel channel, int mostFds) {
        try {
            return channel.receive(mostFds).orElseThrow(() -> silent(null));
        } catch (SyscallException e) {
            String reason =
                    e.errno() == Errno.EMSGSIZE ? "the node agent sent more than its protocol allows" : e.getMessage();
            throw new AgentException(Refusal.FAILED, String.valueOf(reason), e);
        }
    }

    private static Reply decode(ReceivedMessage message) {
        try {
            return Wire.decodeReply(message.bytes());
        } catch (MalformedMessageException e) {
            throw new AgentException(
                    Refusal.FAILED, "the node agent speaks another version: " + e.getMessage() + "; restart it", e);
        }
    }

    private static <T extends Reply> T expect(Reply reply, Class<T> type) {
        if (type.isInstance(reply)) {
            return type.cast(reply);
        }
        throw unexpected(reply);
    }

    private static AgentException unexpected(Reply reply) {
        return reply instanceof Reply.Refused(Refusal refusal, String message)
                ? new AgentException(refusal, message)
                : new AgentException(
                        Refusal.FAILED,
                        "the node agent answered with " + reply.getClass().getSimpleName()
                                + ", which is no answer to this; restart it");
    }
}
