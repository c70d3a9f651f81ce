// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

/** What an archive may take of the host; counted over all of its parts. */
final class Budget {
    private final long mostBytes;
    private final long mostEntries;
    private long bytes;
    private long entries;

    /**
     * @param mostBytes of all files' content together, holes counted as what they stand for
     * @param mostEntries files, directories and links
     */
    Budget(long mostBytes, long mostEntries) {
        this.mostBytes = mostBytes;
        this.mostEntries = mostEntries;
    }

    long mostBytes() {
        return mostBytes;
    }

    /** What a stream may have beside content: a header, padding and a name in extended form for each entry. */
    long mostStreamBytes() {
        return mostBytes + mostEntries * 2048;
    }

    void entry() {
        if (++entries > mostEntries) {
            throw new RefusedArchiveException("the archive has more than " + mostEntries + " entries");
        }
    }

    /** @param more not negative */
    void content(long more) {
        if (more > mostBytes - bytes) {
            throw tooLarge();
        }
        bytes += more;
    }

    RefusedArchiveException tooLarge() {
        return new RefusedArchiveException("the archive unpacks to more than " + (mostBytes >> 20) + " MiB");
    }
}
