// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.runtime.Attachment;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Listener;
import io.berth.core.runtime.Node;
import io.berth.core.spec.ImageAlias;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.Ticket.Grant;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does on the node what an admitted request asks, and answers. */
final class Verbs {
    private static final Logger LOG = LoggerFactory.getLogger(Verbs.class);
    private static final int PROGRESS_CHARACTERS = 1000;

    private final Node node;
    private final TicketGate tickets;
    private final HostExaminer host = HostExaminer.find();
    private final Runnable stop;
    private final AtomicBoolean shuttingDown = new AtomicBoolean();

    /** @param stop ends the agent; must not wait for the connection that asked */
    Verbs(Node node, TicketGate tickets, Runnable stop) {
        this.node = node;
        this.tickets = tickets;
        this.stop = stop;
    }

    /** Does everything but attach, watch and signal, which belong to a connection. */
    void perform(Request request, Caller caller) {
        if (!(request instanceof Request.Ping)) {
            requireRunning();
        }
        switch (request) {
            case Request.Create(var id, var spec) -> caller.answer(new Reply.Container(node.create(id, spec)));
            case Request.Start(var id) -> caller.answer(new Reply.Container(node.start(id)));
            case Request.Stop(var id, int grace) -> caller.answer(new Reply.Container(node.stop(id, seconds(grace))));
            case Request.Restart(var id, int grace) ->
                caller.answer(new Reply.Container(node.restart(id, seconds(grace))));
            case Request.Freeze(var id) -> caller.answer(new Reply.Container(node.freeze(id)));
            case Request.Thaw(var id) -> caller.answer(new Reply.Container(node.thaw(id)));
            case Request.ChangeDevices(var id, var devices) ->
                caller.answer(new Reply.Container(node.changeDevices(id, devices)));
            case Request.Resize(var id, var limits) -> caller.answer(new Reply.Container(node.resize(id, limits)));
            case Request.ChangeVolumes(var id, var volumes) ->
                caller.answer(new Reply.Container(node.changeVolumes(id, volumes)));
            case Request.ChangeNetworkRules(var id, var rules) ->
                caller.answer(new Reply.Container(node.changeNetworkRules(id, rules)));
            case Request.CreateVolume(var id, var spec) -> caller.answer(new Reply.Volume(node.createVolume(id, spec)));
            case Request.ResizeVolume(var id, long diskBytes) ->
                caller.answer(new Reply.Volume(node.resizeVolume(id, diskBytes)));
            case Request.DeleteVolume(var id) -> {
                node.deleteVolume(id);
                caller.answer(new Reply.Done());
            }
            case Request.ListVolumes(var after) -> caller.answer(Pages.volumes(node.volumes(), after));
            case Request.Delete(var id) -> {
                node.delete(id);
                caller.answer(new Reply.Done());
            }
            case Request.Inspect(var id) -> caller.answer(new Reply.Container(node.inspect(id)));
            case Request.ListContainers(var after) -> caller.answer(Pages.containers(node.list(), after));
            case Request.ListIdRanges(long after) -> caller.answer(Pages.idRanges(node.idRanges(), after));
            case Request.ConsoleLog(var id, int maxBytes) -> text(node.consoleLog(id, maxBytes), caller);
            case Request.DescribeBirth(var id) -> text(node.describeBirth(id), caller);
            case Request.Denials(var id) -> caller.answer(Pages.denials(node.denials(id)));
            case Request.Grant(var id, String rule, var until) -> {
                node.grant(id, rule, until);
                caller.answer(new Reply.Done());
            }
            case Request.Revoke(var id, String rule) -> {
                node.revoke(id, rule);
                caller.answer(new Reply.Done());
            }
            case Request.AddPatch(String call) -> coverage(node.addPatch(call), caller);
            case Request.RemovePatch(String call) -> {
                node.removePatch(call);
                caller.answer(new Reply.Done());
            }
            case Request.ListPatches() -> caller.answer(new Reply.Patches(node.patches()));
            case Request.ShowPatch(String call) -> coverage(patch(call), caller);
            case Request.Passport(var id) -> caller.answer(new Reply.Passport(node.passport(id)));
            case Request.Quarantine(var id, var reason) ->
                caller.answer(new Reply.Container(node.quarantine(id, reason)));
            case Request.Release(var id) -> caller.answer(new Reply.Container(node.release(id)));
            case Request.TakeSnapshot(var id, var snapshot, var name) -> {
                node.takeSnapshot(id, snapshot, name);
                caller.answer(new Reply.Done());
            }
            case Request.DeleteSnapshot(var id, var snapshot) -> {
                node.deleteSnapshot(id, snapshot);
                caller.answer(new Reply.Done());
            }
            case Request.Restore(var id, var snapshot) ->
                caller.answer(new Reply.Container(node.restore(id, snapshot)));
            case Request.Copy(var id, var spec, var source, var snapshot) ->
                caller.answer(new Reply.Container(node.copy(id, spec, source, snapshot)));
            case Request.Rename(var id, var name) -> caller.answer(new Reply.Container(node.rename(id, name)));
            case Request.ListSnapshots(var id) -> caller.answer(new Reply.Snapshots(node.snapshots(id)));
            case Request.Usage(var id) -> caller.answer(new Reply.Usages(List.of(node.usage(id)), false));
            case Request.ListUsage(var after) -> caller.answer(Pages.usages(node.usages(), after));
            case Request.Disk(var id) -> caller.answer(new Reply.Disks(List.of(node.disk(id)), false));
            case Request.ListDisks(var after) -> caller.answer(Pages.disks(node.disks(), after));
            case Request.DescribeHost() -> caller.answer(new Reply.Host(host.figures()));
            case Request.ExamineHost() -> caller.answer(new Reply.Findings(host.findings()));
            case Request.Metered(var series, long number, int skip) ->
                caller.answer(Pages.metered(node.metered(series, number), skip));
            case Request.ListImages() -> caller.answer(new Reply.Images(node.images()));
            case Request.BuildImage(var alias) -> build(alias, caller);
            case Request.DeleteImage(var id) -> {
                node.deleteImage(id);
                caller.answer(new Reply.Done());
            }
            case Request.Ping() -> caller.answer(new Reply.Done());
            case Request.Shutdown(int grace) -> shutdown(seconds(grace), caller);
            case Request.Attach _,
                    Request.AttachAsRoot _,
                    Request.Connect _,
                    Request.Listen _,
                    Request.ImportImage _,
                    Request.Watch _,
                    Request.Signal _ ->
                throw new IllegalStateException(request.getClass() + " belongs to its connection");
        }
    }

    private void requireRunning() {
        if (shuttingDown.get()) {
            throw new ContainerException(Refusal.CONFLICT, "the node is shutting down; start it again with ./berth up");
        }
    }

    /** On a ticket's word. */
    Attachment attach(Request.Attach request, Caller caller) {
        Ticket ticket = tickets.admit(request.ticket(), request.attach());
        LOG.info(
                "event=attach container={} tenant={} user={} subject={} peer={} pid={}",
                ticket.container(),
                ticket.tenant(),
                ticket.user(),
                ticket.subject(),
                caller.peer(),
                caller.pid());
        return node.attach(ticket.container(), request.attach());
    }

    /** For the host's root. */
    Attachment attachAsRoot(Request.AttachAsRoot request, Caller caller) {
        LOG.info(
                "event=attach container={} user={} peer={} pid={}",
                request.id(),
                request.attach().user(),
                caller.peer(),
                caller.pid());
        return node.attach(request.id(), request.attach());
    }

    /** On a ticket's word. */
    Fd connect(Request.Connect request, Caller caller) {
        Ticket ticket = tickets.admit(request.ticket(), request.user(), EnumSet.of(Grant.CONNECT));
        log("connect", ticket, request.to(), caller);
        return node.connect(ticket.container(), ticket.user(), request.to());
    }

    /** On a ticket's word. */
    Listener listen(Request.Listen request, Caller caller) {
        Ticket ticket = tickets.admit(request.ticket(), request.user(), EnumSet.of(Grant.LISTEN));
        log("listen", ticket, request.at(), caller);
        return node.listen(ticket.container(), ticket.user(), request.at());
    }

    private static void log(String event, Ticket ticket, Endpoint endpoint, Caller caller) {
        LOG.info(
                "event={} container={} tenant={} user={} subject={} endpoint={} peer={} pid={}",
                event,
                ticket.container(),
                ticket.tenant(),
                ticket.user(),
                ticket.subject(),
                switch (endpoint) {
                    case Endpoint.Tcp(String host, int port) -> "tcp:" + host + ":" + port;
                    case Endpoint.Unix _ -> "unix"; // a path may hold what forges log lines; the gateway's log has it
                    case Endpoint.Private _ -> "private";
                },
                caller.peer(),
                caller.pid());
    }

    Watcher watch(Caller caller) {
        return new Watcher(node, caller);
    }

    private PatchStatus patch(String call) {
        return node.patches().stream()
                .filter(patch -> patch.call().equals(call))
                .findFirst()
                .orElseThrow(() -> new ContainerException(
                        Refusal.NOT_FOUND,
                        "there is no virtual patch of '" + call + "'; berth patch ls shows those that there are"));
    }

    private void coverage(PatchStatus patch, Caller caller) {
        for (Reply.Coverage packet : Pages.coverage(patch, node.coverage(patch))) {
            if (!caller.answer(packet)) {
                return;
            }
        }
    }

    private static void text(String text, Caller caller) {
        for (Reply.Text packet : Pages.text(text)) {
            if (!caller.answer(packet)) {
                return;
            }
        }
    }

    /** A caller that left or does not listen misses lines; the build goes on, and asking again finds the image. */
    private void build(ImageAlias alias, Caller caller) {
        var image = node.buildImage(alias, line -> caller.offer(new Reply.Progress(shortened(line))));
        caller.answer(new Reply.Image(image));
    }

    void importImage(Request.ImportImage request, List<Fd> archives, Caller caller) {
        requireRunning();
        var image = node.importImage(
                request.alias(), request.from(), archives, line -> caller.offer(new Reply.Progress(shortened(line))));
        LOG.info("event=image-imported alias={} id={} peer={}", request.alias(), image.id(), caller.peer());
        caller.answer(new Reply.Image(image));
    }

    private static String shortened(String line) {
        return line.length() <= PROGRESS_CHARACTERS ? line : line.substring(0, PROGRESS_CHARACTERS) + "…";
    }

    private void shutdown(Duration grace, Caller caller) {
        if (shuttingDown.getAndSet(true)) {
            throw new ContainerException(Refusal.CONFLICT, "the node is shutting down already");
        }
        try {
            node.shutdown(grace);
        } catch (RuntimeException e) {
            shuttingDown.set(false);
            throw e;
        }
        caller.answer(new Reply.Done());
        stop.run();
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
