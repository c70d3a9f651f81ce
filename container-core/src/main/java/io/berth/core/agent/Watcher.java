// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Node;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one caller what changes. The node only ever puts into a bounded queue; a caller that lets it fill up is
 * disconnected and learns the present state when it watches again.
 */
final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final int MOST_WAITING = 2048; // two changes of each of a full node's containers

    private final BlockingQueue<Reply> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Node node;
    private final Caller caller;
    private final AutoCloseable subscription;
    private final Thread teller;

    /** Subscribes before it looks at what there is, so that no change falls in between; some may be told twice. */
    Watcher(Node node, Caller caller) {
        this.node = node;
        this.caller = caller;
        this.subscription = node.subscribe(this::note);
        this.teller =
                Thread.ofPlatform().daemon().name("watcher-" + caller.pid()).unstarted(this::tell);
    }

    void start() {
        teller.start();
    }

    private void note(Reply change) {
        if (!waiting.offer(change)) {
            LOG.warn("event=watcher-too-slow peer={} pid={} waiting={}", caller.peer(), caller.pid(), MOST_WAITING);
            caller.channel().shutdown();
        }
    }

    private void tell() {
        try {
            boolean there = snapshot();
            while (there) {
                there = told(waiting.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            LOG.error("event=watch-failed peer={} pid={}", caller.peer(), caller.pid(), e);
        } finally {
            caller.channel().shutdown();
        }
    }

    /** One change that fits no packet ends no watch: the others are told all the same. */
    private boolean told(Reply change) {
        try {
            return caller.answer(change);
        } catch (ContainerException e) {
            LOG.error(
                    "event=change-not-told peer={} pid={} change={}",
                    caller.peer(),
                    caller.pid(),
                    change.getClass().getSimpleName(),
                    e);
            return true;
        }
    }

    private boolean snapshot() {
        for (ContainerStatus status : node.list()) {
            if (!caller.answer(new Reply.Container(status))) {
                return false;
            }
        }
        for (Reply.Drift drift : node.drifts()) {
            if (!told(drift)) {
                return false;
            }
        }
        return caller.answer(new Reply.Done());
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            LOG.warn("event=unsubscribe-failed peer={} pid={}, ignoring", caller.peer(), caller.pid(), e);
        }
        teller.interrupt();
    }
}
