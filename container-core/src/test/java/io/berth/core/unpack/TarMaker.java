// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes tar archives, the honest and the others: entries as they are told, with whatever names. */
public final class TarMaker {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

    public TarMaker() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** What every system has that boots. */
    public static TarMaker system() {
        return new TarMaker()
                .directory("etc/")
                .file("etc/os-release", "ID=test\n")
                .file("sbin/init", "#!/bin/sh\n");
    }

    public TarMaker directory(String name) {
        return put(entry(name, TarConstants.LF_DIR, 0755), new byte[0]);
    }

    public TarMaker file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarMaker file(String name, byte[] content) {
        return put(entry(name, TarConstants.LF_NORMAL, 0755), content);
    }

    public TarMaker link(byte type, String name, String target) {
        TarArchiveEntry entry = entry(name, type, 0777);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    public TarMaker symlink(String name, String target) {
        return link(TarConstants.LF_SYMLINK, name, target);
    }

    public TarMaker hardLink(String name, String target) {
        return link(TarConstants.LF_LINK, name, target);
    }

    public TarMaker device(byte type, String name) {
        TarArchiveEntry entry = entry(name, type, 0666);
        entry.setDevMajor(8);
        return put(entry, new byte[0]);
    }

    public TarMaker owned(String name, long id) {
        TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, 04755);
        entry.setUserId(id);
        return put(entry, new byte[0]);
    }

    /** With an attribute as star and GNU tar write them. */
    public TarMaker attribute(String name, String attribute, String value) {
        TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, 0755);
        entry.addPaxHeader("SCHILY.xattr." + attribute, value);
        return put(entry, new byte[0]);
    }

    private static TarArchiveEntry entry(String name, byte type, int mode) {
        var entry = new TarArchiveEntry(name, type, true);
        entry.setName(name);
        entry.setMode(mode);
        return entry;
    }

    private TarMaker put(TarArchiveEntry entry, byte[] content) {
        entry.setSize(content.length);
        try {
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive, with its end mark. */
    public byte[] toBytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What there is so far, and no end. */
    public byte[] cutOff() {
        return bytes.toByteArray();
    }
}
