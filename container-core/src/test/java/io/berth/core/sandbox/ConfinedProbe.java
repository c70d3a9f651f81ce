// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.sandbox.Sandbox.Use;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A process that locks itself in and then tries what it should and should not be able to do, from the main thread and from a new
 * one; a line each. Arguments: a directory to read, one to write, one of neither, a port to listen on, one to connect to, one of neither.
 */
final class ConfinedProbe {
    private ConfinedProbe() {}

    public static void main(String[] arguments) throws Exception {
        Path readable = Path.of(arguments[0]);
        Path writable = Path.of(arguments[1]);
        Path outside = Path.of(arguments[2]);
        int listen = Integer.parseInt(arguments[3]);
        int connect = Integer.parseInt(arguments[4]);
        int other = Integer.parseInt(arguments[5]);
        String statement = Lockdown.enter(() -> Sandbox.ofThisJava()
                .path(Use.READ, readable)
                .path(Use.WRITE, writable)
                .path(Use.READ, Path.of("/no/such/path"))
                .bind(listen)
                .connect(connect)
                .tell("told", "outside")
                .build());
        System.out.println("statement: " + statement);
        System.out.println("told: " + System.getProperty("told"));
        System.out.println("variable: " + System.getenv("PROBE"));
        say(
                "no_new_privs",
                () -> Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("NoNewPrivs"))
                        .findFirst());
        say("read inside", () -> Files.readString(readable.resolve("file")));
        say("write inside", () -> Files.writeString(writable.resolve("new"), "x"));
        say("rename inside", () -> Files.move(writable.resolve("new"), writable.resolve("newer")));
        say("write readable", () -> Files.writeString(readable.resolve("new"), "x"));
        say("read outside", () -> Files.readString(outside.resolve("file")));
        say("list outside", () -> outside.toFile().list() == null ? "denied AccessDeniedException" : "listed");
        say("shadow", () -> Files.readString(Path.of("/etc/shadow")).length());
        say(
                "link outside",
                () -> Files.readString(Files.createSymbolicLink(writable.resolve("link"), outside.resolve("file"))));
        say("execute", () -> new ProcessBuilder("/bin/true").start().waitFor());
        say("signal", () -> {
            ProcessCalls.kill(Integer.parseInt(arguments[6]), Signal.SIGCONT);
            return "sent";
        });
        say("listen", () -> listens(listen));
        say("listen elsewhere", () -> listens(other));
        say("connect", () -> connects(connect));
        say("connect elsewhere", () -> connects(other));
        Thread thread = Thread.ofPlatform()
                .start(() -> say("read outside, other thread", () -> Files.readString(outside.resolve("file"))));
        thread.join();
    }

    private static boolean listens(int port) throws IOException {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        }
    }

    private static boolean connects(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private static void say(String what, Callable<?> attempt) {
        String result;
        try {
            result = String.valueOf(attempt.call());
        } catch (Exception e) {
            result = "denied " + e.getClass().getSimpleName() + " " + e.getMessage();
        }
        System.out.println(what + ": " + result);
    }
}
