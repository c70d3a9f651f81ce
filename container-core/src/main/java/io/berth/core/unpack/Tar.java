// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The entries of a tar archive, which has to have its end mark: one that was cut off between two entries looks whole otherwise. */
final class Tar extends TarArchiveInputStream {
    /** Does something with an entry; the stream is its content. */
    interface Visitor {
        /** @return whether to go on */
        boolean visit(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private boolean ended;

    private Tar(InputStream in) {
        super(in, StandardCharsets.UTF_8.name());
    }

    /** Visits entries until the end or until the visitor has seen enough. */
    static void forEach(InputStream in, Visitor visitor) {
        try (Tar tar = new Tar(in)) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                if (!visitor.visit(entry, tar)) {
                    return;
                }
                entry = tar.getNextEntry();
            }
            if (!tar.ended) {
                throw new RefusedArchiveException("the archive ends early: it has no end mark, or is no tar archive");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    static RefusedArchiveException damaged(Exception e) {
        return new RefusedArchiveException(
                "the archive is damaged, or no form that Berth knows: "
                        + RefusedArchiveException.quoted(String.valueOf(e.getMessage())),
                e);
    }

    @Override
    protected boolean isEOFRecord(byte[] record) {
        boolean end = super.isEOFRecord(record);
        ended |= end && record != null;
        return end;
    }
}
