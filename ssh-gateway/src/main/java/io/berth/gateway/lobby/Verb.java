// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.util.List;

/**
 * One command of the lobby.
 *
 * @param usage what follows its name
 * @param summary one line for help
 * @param options see {@link Arguments}
 * @param names what its names are, for completion
 * @param changes whether it changes anything
 */
record Verb(
        String name, String usage, String summary, List<String> options, Names names, boolean changes, Action action) {
    /** What can be completed. */
    enum Names {
        NONE,
        CONTAINERS,
        IMAGES,
        VOLUMES,
        VERBS
    }

    /** What it does. */
    interface Action {
        /** @return the exit status */
        int run(Visitor visitor, Arguments arguments, Console console)
                throws RefusedException, SilentException, InterruptedException;
    }

    String line() {
        return usage.isEmpty() ? name : name + " " + usage;
    }
}
