// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.Request;
import java.util.Set;

/**
 * The closed table: for each request who may ask it, when, and how often. A request without a row here does not compile.
 *
 * <p>Root may ask everything as often as it likes: it could end the agent just as well. The rates hold a platform or a gateway
 * that was taken over, or runs in a circle; they are far above what a full node needs.
 */
final class RequestTable {
    /** In which state of a connection a request may come. */
    enum Phase {
        /** Neither attach nor watch has been done on it. */
        FRESH,
        /** It belongs to an attached process. */
        ATTACHED,
        /** It carries changes to a watcher. */
        WATCHING
    }

    /**
     * One row.
     *
     * @param peers who may ask besides root
     * @param rate how often each of them may
     * @param phase when
     */
    record Rule(Set<Peer> peers, Rate rate, Phase phase) {
        Rule {
            peers = Set.copyOf(peers);
        }

        boolean allows(Peer peer) {
            return peer == Peer.ROOT || peers.contains(peer);
        }
    }

    /** A node's thousand containers at once, then what it can do in a second. */
    private static final Rate LIFE = new Rate(1000, 50);

    private static final Rate LOOK = new Rate(2000, 500);
    private static final Rate LONG_LOOK = new Rate(200, 50);
    private static final Rate BUILD = new Rate(10, 0.1);
    /** Seconds of a processor, and mounts and networks that are made and removed. */
    private static final Rate EXAMINATION = new Rate(5, 0.1);

    private static final Rate WATCH = new Rate(20, 1);
    private static final Rate LOGIN = new Rate(1000, 200);
    /** A browser behind ssh -D opens dozens of connections a page. */
    private static final Rate FORWARD = new Rate(2000, 500);

    private static final Rate SIGNALS = new Rate(1000, 200);
    private static final Rate PING = new Rate(200, 50);

    private RequestTable() {}

    static Rule rule(Request request) {
        return switch (request) {
            case Request.Create _ -> platform(LIFE);
            case Request.Start _ -> platform(LIFE);
            case Request.Stop _ -> platform(LIFE);
            case Request.Restart _ -> platform(LIFE);
            case Request.Freeze _ -> platform(LIFE);
            case Request.Thaw _ -> platform(LIFE);
            case Request.Resize _ -> platform(LIFE);
            // tun and fuse act on the container's own namespaces; kvm and gpu are large drivers, which the host's root
            // alone opens
            case Request.ChangeDevices(var _, var devices) -> devices.needRoot() ? fresh(LIFE) : platform(LIFE);
            case Request.ChangeVolumes _ -> platform(LIFE);
            case Request.ChangeNetworkRules _ -> platform(LIFE);
            case Request.CreateVolume _ -> platform(LIFE);
            case Request.ResizeVolume _ -> platform(LIFE);
            case Request.DeleteVolume _ -> platform(LIFE);
            case Request.ListVolumes _ -> platform(LONG_LOOK);
            case Request.Delete _ -> platform(LIFE);
            case Request.Inspect _ -> platform(LOOK);
            case Request.ListContainers _ -> platform(LOOK);
            case Request.ListIdRanges _ -> platform(LONG_LOOK);
            case Request.ConsoleLog _ -> platform(LONG_LOOK);
            case Request.DescribeBirth _ -> platform(LONG_LOOK);
            case Request.Denials _ -> platform(LONG_LOOK);
            case Request.Grant _ -> platform(LONG_LOOK);
            case Request.Revoke _ -> platform(LONG_LOOK);
            case Request.AddPatch _ -> platform(LONG_LOOK);
            case Request.RemovePatch _ -> platform(LONG_LOOK);
            case Request.ListPatches _ -> platform(LONG_LOOK);
            case Request.ShowPatch _ -> platform(LONG_LOOK);
            case Request.Passport _ -> platform(LONG_LOOK);
            case Request.Quarantine _ -> platform(LIFE);
            case Request.Release _ -> platform(LIFE);
            case Request.ListSnapshots _ -> platform(LONG_LOOK);
            case Request.TakeSnapshot _ -> platform(LIFE);
            case Request.DeleteSnapshot _ -> platform(LIFE);
            case Request.Restore _ -> platform(LIFE);
            case Request.Copy _ -> platform(LIFE);
            case Request.Rename _ -> platform(LIFE);
            case Request.Usage _ -> platform(LONG_LOOK);
            case Request.ListUsage _ -> platform(LONG_LOOK);
            case Request.Disk _ -> platform(LONG_LOOK);
            case Request.ListDisks _ -> platform(LONG_LOOK);
            case Request.DescribeHost _ -> platform(LONG_LOOK);
            case Request.ExamineHost _ -> platform(EXAMINATION);
            case Request.Metered _ -> platform(LOOK); // a day that was missed, in pages
            case Request.ListImages _ -> platform(LONG_LOOK);
            case Request.BuildImage _ -> platform(BUILD);
            case Request.ImportImage _ -> platform(BUILD);
            case Request.DeleteImage _ -> platform(LONG_LOOK);
            case Request.Watch _ -> platform(WATCH);
            // the platform for a browser's terminal: a person's login shell, and no command
            case Request.Attach(var _, var attach) ->
                attach.wantsLoginShell() ? fresh(LOGIN, Peer.GATEWAY, Peer.PLATFORM) : fresh(LOGIN, Peer.GATEWAY);
            case Request.AttachAsRoot _ -> fresh(LOGIN);
            case Request.Connect _ -> fresh(FORWARD, Peer.GATEWAY);
            case Request.Listen _ -> fresh(FORWARD, Peer.GATEWAY);
            case Request.Signal _ -> new Rule(Set.of(Peer.GATEWAY), SIGNALS, Phase.ATTACHED);
            case Request.Ping _ -> fresh(PING, Peer.PLATFORM, Peer.GATEWAY);
            case Request.Shutdown _ -> fresh(PING);
        };
    }

    private static Rule platform(Rate rate) {
        return fresh(rate, Peer.PLATFORM);
    }

    private static Rule fresh(Rate rate, Peer... peers) {
        return new Rule(Set.of(peers), rate, Phase.FRESH);
    }
}
