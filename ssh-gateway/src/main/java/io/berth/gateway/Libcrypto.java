// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ChaCha20 and Poly1305 of OpenSSL 3, which the JDK's own are three times slower than. It works on Java's arrays in place (
 * {@link Linker.Option#critical}): no copy, and no garbage collection for as long as a packet takes, some microseconds.
 * EVP_EncryptInit(3), EVP_MAC(3). Every machine with an SSH client of OpenSSH's has it; without, the JDK's do.
 */
final class Libcrypto {
    private static final Logger LOG = LoggerFactory.getLogger(Libcrypto.class);
    private static final String LIBRARY = "libcrypto.so.3"; // OpenSSL's ABI since 3.0
    private static final Optional<Libcrypto> INSTANCE = load();

    private static final int COUNTER_BYTES = 8;
    private static final int NONCE_BYTES = 8;
    private static final ValueLayout.OfInt SEQUENCE = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    private final MethodHandle newCipher;
    private final MethodHandle freeCipher;
    private final MethodHandle initCipher;
    private final MethodHandle updateCipher;
    private final MethodHandle newMac;
    private final MethodHandle freeMac;
    private final MethodHandle initMac;
    private final MethodHandle updateMac;
    private final MethodHandle finalMac;
    private final MemorySegment chacha20;
    private final MemorySegment poly1305;

    private Libcrypto(SymbolLookup library) throws Throwable {
        newCipher = call(library, "EVP_CIPHER_CTX_new", ADDRESS);
        freeCipher = procedure(library, "EVP_CIPHER_CTX_free", ADDRESS);
        initCipher = call(library, "EVP_EncryptInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        updateCipher = call(library, "EVP_EncryptUpdate", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
        newMac = call(library, "EVP_MAC_CTX_new", ADDRESS, ADDRESS);
        freeMac = procedure(library, "EVP_MAC_CTX_free", ADDRESS);
        initMac = call(library, "EVP_MAC_init", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
        updateMac = call(library, "EVP_MAC_update", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
        finalMac = call(library, "EVP_MAC_final", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        chacha20 = there((MemorySegment) call(library, "EVP_chacha20", ADDRESS).invokeExact());
        var fetchMac = Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow("EVP_MAC_fetch"),
                        FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        try (var arena = Arena.ofConfined()) {
            poly1305 = there((MemorySegment)
                    fetchMac.invokeExact(MemorySegment.NULL, arena.allocateFrom("POLY1305"), MemorySegment.NULL));
        }
    }

    static Optional<Libcrypto> instance() {
        return INSTANCE;
    }

    private static Optional<Libcrypto> load() {
        try {
            return Optional.of(new Libcrypto(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
        } catch (Throwable e) {
            LOG.info(
                    "event=no-libcrypto library={} cause='{}', ignoring: the JDK's ChaCha20 does",
                    LIBRARY,
                    e.toString());
            return Optional.empty();
        }
    }

    private static MethodHandle call(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow(name),
                        FunctionDescriptor.of(result, arguments),
                        Linker.Option.critical(true));
    }

    private static MethodHandle procedure(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
    }

    private static MemorySegment there(MemorySegment pointer) throws GeneralSecurityException {
        if (pointer.equals(MemorySegment.NULL)) {
            throw new GeneralSecurityException("libcrypto does not have it, or has no memory");
        }
        return pointer;
    }

    private static void require(int result) throws GeneralSecurityException {
        if (result != 1) {
            throw new GeneralSecurityException("libcrypto refused");
        }
    }

    /** Freed once nobody has it any more: a session of MINA's drops its ciphers without a word. */
    private static MemorySegment owned(MemorySegment pointer, MethodHandle free) throws GeneralSecurityException {
        return there(pointer).reinterpret(Arena.ofAuto(), left -> {
            try {
                free.invokeExact(MemorySegment.ofAddress(left.address()));
            } catch (Throwable e) {
                throw failure(e);
            }
        });
    }

    private static IllegalStateException failure(Throwable e) {
        return new IllegalStateException("calling libcrypto", e);
    }

    /** A key stream, from any block of any nonce's. */
    final class ChaCha20 implements ChaCha20Poly1305.Stream {
        private final MemorySegment context;
        private final MemorySegment counterAndNonce = Arena.ofAuto().allocate(COUNTER_BYTES + NONCE_BYTES);
        private final MemorySegment written = Arena.ofAuto().allocate(JAVA_INT);

        ChaCha20(byte[] keys, int offset) throws GeneralSecurityException {
            try {
                context = owned((MemorySegment) newCipher.invokeExact(), freeCipher);
                var key = MemorySegment.ofArray(keys).asSlice(offset, ChaCha20Poly1305.KEY_BYTES);
                require((int) initCipher.invokeExact(context, chacha20, MemorySegment.NULL, key, MemorySegment.NULL));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }

        /** EVP_chacha20(3) has the counter in its first eight bytes, the nonce follows. */
        @Override
        public void begin(int sequence) throws GeneralSecurityException {
            counterAndNonce.set(SEQUENCE, COUNTER_BYTES + Integer.BYTES, sequence);
            try {
                require((int) initCipher.invokeExact(
                        context, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL, counterAndNonce));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }

        @Override
        public void crypt(byte[] data, int offset, int length) throws GeneralSecurityException {
            var part = MemorySegment.ofArray(data).asSlice(offset, length);
            try {
                require((int) updateCipher.invokeExact(context, part, written, part, length));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }
    }

    /** One-time authenticators. */
    final class Poly1305 implements ChaCha20Poly1305.Authenticator {
        private final MemorySegment context;
        private final MemorySegment written = Arena.ofAuto().allocate(JAVA_LONG);

        Poly1305() throws GeneralSecurityException {
            try {
                context = owned((MemorySegment) newMac.invokeExact(poly1305), freeMac);
            } catch (Throwable e) {
                throw thrown(e);
            }
        }

        @Override
        public void begin(byte[] key) throws GeneralSecurityException {
            try {
                require((int) initMac.invokeExact(
                        context, MemorySegment.ofArray(key), (long) ChaCha20Poly1305.KEY_BYTES, MemorySegment.NULL));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }

        @Override
        public void update(byte[] data, int offset, int length) throws GeneralSecurityException {
            try {
                require((int) updateMac.invokeExact(
                        context, MemorySegment.ofArray(data).asSlice(offset, length), (long) length));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }

        @Override
        public void end(byte[] tag, int offset) throws GeneralSecurityException {
            try {
                require((int) finalMac.invokeExact(
                        context, MemorySegment.ofArray(tag).asSlice(offset, ChaCha20Poly1305.TAG_BYTES), written, (long)
                                ChaCha20Poly1305.TAG_BYTES));
            } catch (Throwable e) {
                throw thrown(e);
            }
        }
    }

    private static GeneralSecurityException thrown(Throwable e) {
        return e instanceof GeneralSecurityException security ? security : new GeneralSecurityException("libcrypto", e);
    }
}
