// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a 64-bit little-endian ELF file asks of the dynamic linker; see elf(5) and ld.so(8).
 *
 * @param interpreter the linker's path; empty for a static program and for a library
 * @param needed names of libraries, as the linker searches for them
 * @param searched directories that are searched first, with {@code $ORIGIN} as it is written
 */
public record ElfFile(Optional<String> interpreter, List<String> needed, List<String> searched) {
    private static final int MAGIC = 0x464c457f;
    private static final int ELFCLASS64_LSB = 0x0102;
    private static final int E_IDENT_CLASS = 4; // Elf64_Ehdr
    private static final int E_PHOFF = 32;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int P_OFFSET = 8; // Elf64_Phdr
    private static final int P_VADDR = 16;
    private static final int P_FILESZ = 32;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int DYN_BYTES = 16; // Elf64_Dyn
    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final long DT_RPATH = 15;
    private static final long DT_RUNPATH = 29;

    public ElfFile {
        needed = List.copyOf(needed);
        searched = List.copyOf(searched);
    }

    /** @return empty for what is no such file, or a broken one */
    public static Optional<ElfFile> parse(byte[] bytes) {
        try {
            ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return elf.getInt(0) == MAGIC && elf.getShort(E_IDENT_CLASS) == ELFCLASS64_LSB
                    ? Optional.of(new Reading(elf).file())
                    : Optional.empty();
        } catch (IndexOutOfBoundsException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private record Segment(int type, int offset, long address, int bytes) {
        boolean holds(long wanted) {
            return type == PT_LOAD && wanted >= address && wanted - address < bytes;
        }
    }

    private record Entry(long tag, long value) {}

    private record Reading(ByteBuffer elf, List<Segment> segments) {
        Reading(ByteBuffer elf) {
            this(elf, segments(elf));
        }

        private static List<Segment> segments(ByteBuffer elf) {
            List<Segment> segments = new ArrayList<>();
            for (int i = 0; i < Short.toUnsignedInt(elf.getShort(E_PHNUM)); i++) {
                int at = Math.addExact(Math.toIntExact(elf.getLong(E_PHOFF)), i * elf.getShort(E_PHENTSIZE));
                segments.add(new Segment(
                        elf.getInt(at),
                        Math.toIntExact(elf.getLong(at + P_OFFSET)),
                        elf.getLong(at + P_VADDR),
                        Math.toIntExact(elf.getLong(at + P_FILESZ))));
            }
            return segments;
        }

        ElfFile file() {
            List<Entry> entries = dynamic();
            int strings = entries.stream()
                    .filter(entry -> entry.tag == DT_STRTAB)
                    .findFirst()
                    .map(entry -> offset(entry.value))
                    .orElse(0);
            return new ElfFile(
                    of(PT_INTERP).map(segment -> text(segment.offset)),
                    strings(entries, strings, DT_NEEDED).toList(),
                    Stream.concat(strings(entries, strings, DT_RPATH), strings(entries, strings, DT_RUNPATH))
                            .flatMap(path -> Stream.of(path.split(":")))
                            .toList());
        }

        private Optional<Segment> of(int type) {
            return segments.stream().filter(segment -> segment.type == type).findFirst();
        }

        private List<Entry> dynamic() {
            List<Entry> entries = new ArrayList<>();
            of(PT_DYNAMIC).ifPresent(segment -> {
                for (int at = segment.offset; at < segment.offset + segment.bytes; at += DYN_BYTES) {
                    Entry entry = new Entry(elf.getLong(at), elf.getLong(at + Long.BYTES));
                    if (entry.tag == DT_NULL) {
                        break;
                    }
                    entries.add(entry);
                }
            });
            return entries;
        }

        private Stream<String> strings(List<Entry> entries, int table, long tag) {
            return entries.stream()
                    .filter(entry -> entry.tag == tag)
                    .map(entry -> text(Math.addExact(table, Math.toIntExact(entry.value))));
        }

        /** Where in the file lies what the program has at an address. */
        private int offset(long address) {
            return segments.stream()
                    .filter(segment -> segment.holds(address))
                    .findFirst()
                    .map(segment -> segment.offset + (int) (address - segment.address))
                    .orElseThrow(() -> new ArithmeticException("no segment holds address " + address));
        }

        private String text(int at) {
            int end = at;
            while (elf.get(end) != 0) {
                end++;
            }
            byte[] text = new byte[end - at];
            elf.get(at, text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
