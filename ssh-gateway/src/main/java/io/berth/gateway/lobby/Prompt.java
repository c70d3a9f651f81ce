// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.ExternalTerminal;

/** Somebody at a terminal: lines with editing, history and completion, by JLine. */
final class Prompt implements AutoCloseable {
    /** A command line that nobody types: it would be kept in memory whole. */
    private static final int MOST_LINE_BYTES = 64 * 1024;

    private static final long AT_ONCE_MILLIS = 1;

    private final Visitor visitor;
    private final ExternalTerminal terminal;
    private final LineReader reader;
    private final Thread thread = Thread.currentThread();

    Prompt(Visitor visitor, String term, Size size, InputStream in, OutputStream out) throws IOException {
        this.visitor = visitor;
        terminal = new ExternalTerminal(
                null,
                "lobby",
                type(term),
                new BoundedLines(in, MOST_LINE_BYTES),
                out,
                StandardCharsets.UTF_8,
                Terminal.SignalHandler.SIG_DFL,
                false,
                null, // as a terminal is when it is opened
                size);
        terminal.handle(Signal.INT, _ -> thread.interrupt());
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("lobby")
                .completer(new Completion(visitor))
                .option(Option.DISABLE_EVENT_EXPANSION, true) // a ! in a name is a !
                .option(Option.BRACKETED_PASTE, true)
                .build();
        reader.getWidgets().remove(LineReader.EDIT_AND_EXECUTE_COMMAND); // it would open a file of the gateway's
    }

    /**
     * JLine asks the program infocmp about types that it does not know, with the name that the client chose; these it knows. Nearly
     * every terminal there is today does what xterm does.
     */
    static String type(String term) {
        String name = term.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("dumb")) {
            return "dumb";
        }
        return name.startsWith("vt") || name.equals("ansi") ? "ansi" : "xterm-256color";
    }

    private Console console() {
        return new Console(terminal.writer(), terminal.writer(), this::ask);
    }

    /** @return the exit status */
    int once(String command) {
        return Lobby.run(command, visitor, console());
    }

    /** @return the exit status: the last line's */
    int run() throws IOException {
        Console console = console();
        console.line("This is the lobby of tenant " + visitor.tenant()
                + "; 'help' shows what can be done here, 'exit' leaves.");
        int status = Lobby.DONE;
        while (true) {
            try {
                String line =
                        reader.readLine("lobby:" + visitor.tenant() + "> ").strip();
                if (line.equals("exit") || line.equals("quit") || line.equals("logout")) {
                    return status;
                }
                status = Lobby.run(line, visitor, console);
                Thread.interrupted(); // a ^C that came too late
            } catch (UserInterruptException e) {
                status = Lobby.INTERRUPTED;
                forgetTyped();
            } catch (EndOfFileException e) {
                return status;
            }
        }
    }

    /** What was typed before a ^C goes with it, as on every terminal (NOFLSH, termios(3)). */
    private void forgetTyped() throws IOException {
        while (terminal.reader().read(AT_ONCE_MILLIS) >= 0) {
            // thrown away
        }
    }

    private String ask(String question) {
        try {
            return reader.readLine(question);
        } catch (UserInterruptException | EndOfFileException e) {
            return "";
        }
    }

    void resize(int columns, int rows) {
        terminal.setSize(new Size(columns, rows));
        terminal.raise(Signal.WINCH);
    }

    void interrupt() {
        terminal.raise(Signal.INT);
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
