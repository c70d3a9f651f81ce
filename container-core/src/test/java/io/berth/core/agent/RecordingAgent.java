// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

/** An agent's process over a recording node. */
public final class RecordingAgent {
    private RecordingAgent() {}

    public static void main(String[] args) {
        try {
            AgentMain.run(AgentSettings.from(System.getenv()), settings -> new RecordingNode());
            System.exit(0);
        } catch (RuntimeException e) {
            System.err.println("berth agent: " + e.getMessage());
            System.exit(1);
        }
    }
}
