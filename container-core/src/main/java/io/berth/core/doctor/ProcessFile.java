// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The launcher's pid files, {@code PID STARTTIME}: a pid alone could be somebody else's by now. */
final class ProcessFile {
    private static final int STARTTIME = 22; // field of /proc/PID/stat, see proc_pid_stat(5)
    private static final int STATE = 3;

    private final Path runDir;

    ProcessFile(Path runDir) {
        this.runDir = runDir;
    }

    /** The pid of a process that runs, empty when it does not. */
    Optional<Integer> find(String name) {
        List<String> fields = List.of(
                KernelChecks.firstLine(runDir.resolve(name + ".pid")).strip().split(" ", -1));
        if (fields.size() != 2 || !fields.get(0).matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        int pid = Integer.parseInt(fields.get(0));
        return fields.get(1).equals(startTime(pid)) ? Optional.of(pid) : Optional.empty();
    }

    /** Empty when there is no such process, or it is a zombie. */
    static String startTime(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            // the command's name in brackets may hold blanks and brackets of its own
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1));
            return fields.getFirst().equals("Z") ? "" : fields.get(STARTTIME - STATE);
        } catch (IOException e) {
            return "";
        }
    }
}
