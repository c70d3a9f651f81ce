// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.ArrayList;
import java.util.List;

/** Uids, gids and the eight namespaces. */
final class IdRules {
    private static final String MAP_REASON =
            "root inside is an ordinary id of the host, from a range that no other container has";
    private static final String NAMESPACE_REASON =
            "what a container sees and names is its own, and its capabilities end at its user namespace";

    private IdRules() {}

    static List<Line> judge(Facts facts, Expectation expectation) {
        List<Line> lines = new ArrayList<>();
        String map = "0 " + expectation.uidBase() + " 65536";
        lines.add(Line.of("ids.uid_map", words(facts.init().uidMap()), map, MAP_REASON));
        lines.add(Line.of("ids.gid_map", words(facts.init().gidMap()), map, MAP_REASON));
        Reader.NAMESPACES.forEach(type -> lines.add(namespace(type, facts, expectation)));
        return lines;
    }

    private static String words(String map) {
        return map.strip().replaceAll("[ \\t]+", " ").replace("\n ", ", ");
    }

    private static Line namespace(String type, Facts facts, Expectation expectation) {
        Facts.Namespace found = namespaceOf(facts, type);
        long host = facts.host().namespaces().getOrDefault(type, -1L);
        boolean isOwn = found.inode() != host;
        String name = type + ":[" + found.inode() + "]" + (isOwn ? "" : ", the host's");
        if (type.equals("user")) {
            return new Line(
                    "namespace.user",
                    name + ", child of user:[" + found.owner() + "], made by uid " + found.ownerUid(),
                    "its own, child of the host's user:[" + host + "], made by uid " + expectation.uidBase(),
                    isOwn && found.owner() == host && found.ownerUid() == expectation.uidBase(),
                    NAMESPACE_REASON + "; what it uses of the kernel is charged to its own uid");
        }
        long user = namespaceOf(facts, "user").inode();
        return new Line(
                "namespace." + type,
                name + ", owned by user:[" + found.owner() + "]",
                "its own, not the host's " + type + ":[" + host + "], owned by its user:[" + user + "]",
                isOwn && found.owner() == user,
                NAMESPACE_REASON);
    }

    private static Facts.Namespace namespaceOf(Facts facts, String type) {
        return facts.init().namespaces().getOrDefault(type, new Facts.Namespace(-1, -1, -1));
    }
}
