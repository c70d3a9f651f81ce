// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.OpenFlag;
import io.berth.core.spec.ImageId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The content address of a tree: SHA-256 over one record for each of its nodes, parents first, siblings ordered by their names' bytes.
 *
 * <p>A record, in DataOutput's form, byte strings with their length in 4 bytes before them: path from the root (empty for the root),
 * mode with type, uid, gid, size (of regular files, else 0), device major and minor, link target (else empty), the number of extended
 * attributes and each one's name and value; then a regular file's bytes. Times, inode numbers and hard links don't count. A tree that
 * is nested deeper than any system's is refused.
 */
final class TreeDigest {
    private static final int CHUNK_BYTES = 1 << 20;

    /** A level is a stack frame and three descriptors of the agent's; who unpacks an archive makes 200 at most. */
    private static final int MOST_LEVELS = 256;

    private final MessageDigest digest = sha256();
    private long sizeBytes;

    /** @param sizeBytes of all regular files together */
    record Result(ImageId id, long sizeBytes) {}

    static Result of(Fd tree) {
        TreeDigest all = new TreeDigest();
        try (TreeNode root = TreeNode.at(tree, new byte[] {'.'})) {
            all.add(tree, new byte[] {'.'}, new byte[0], root, 0);
        }
        return new Result(new ImageId("sha256:" + HexFormat.of().formatHex(all.digest.digest())), all.sizeBytes);
    }

    private void add(Fd parent, byte[] name, byte[] path, TreeNode node, int level) {
        if (level > MOST_LEVELS) {
            throw new ImageException.Refused(
                    "the tree is more than " + MOST_LEVELS + " directories deep, as no system is; remove those");
        }
        digest.update(record(path, node));
        if (node.is(FileType.S_IFREG)) {
            sizeBytes += node.status().size();
            addContent(parent, name);
        } else if (node.is(FileType.S_IFDIR)) {
            try (Fd directory = TreeNode.open(parent, name, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
                for (byte[] child : TreeNode.names(directory)) {
                    try (TreeNode inner = TreeNode.at(directory, child)) {
                        add(directory, child, joined(path, child), inner, level + 1);
                    }
                }
            }
        }
    }

    private void addContent(Fd parent, byte[] name) {
        try (Fd file = TreeNode.open(parent, name, OpenFlag.O_RDONLY)) {
            byte[] part = FileCalls.read(file, CHUNK_BYTES);
            while (part.length > 0) {
                digest.update(part);
                part = FileCalls.read(file, CHUNK_BYTES);
            }
        }
    }

    private static byte[] record(byte[] path, TreeNode node) {
        FileStatus status = node.status();
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            put(out, path);
            out.writeInt(status.mode());
            out.writeInt(status.uid());
            out.writeInt(status.gid());
            out.writeLong(node.is(FileType.S_IFREG) ? status.size() : 0);
            out.writeInt(status.rdev().major());
            out.writeInt(status.rdev().minor());
            put(out, node.is(FileType.S_IFLNK) ? node.linkTarget() : new byte[0]);
            Map<String, byte[]> attributes = node.attributes();
            out.writeInt(attributes.size());
            for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
                put(out, attribute.getKey().getBytes(StandardCharsets.ISO_8859_1));
                put(out, attribute.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] joined(byte[] path, byte[] name) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(path);
        all.write('/');
        all.writeBytes(name);
        return all.toByteArray();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
