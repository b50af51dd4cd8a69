#ifndef ORCHESTRATE_COPENBLAS_H
#define ORCHESTRATE_COPENBLAS_H

/// OpenBLAS, found with dlopen at run time; its absence is a normal answer.

/// cblas_sgemm of the CBLAS standard. Row-major is 101, no transposition 111, transposition 112.
typedef void (*orc_sgemm)(int order, int transposeA, int transposeB, int M, int N, int K,
                          float alpha, const float *A, int lda, const float *B, int ldb, float beta,
                          float *C, int ldc);

typedef struct orc_blas {
  /// NULL where no library was found.
  orc_sgemm sgemm;
  /// The kernel set it chose, such as `SkylakeX`; empty when absent.
  char core[64];
  /// Its version, such as `OpenBLAS 0.3.29`; empty when absent.
  char version[64];
} orc_blas;

/// Loads the library at the first call, with one thread per call.
///
/// The kernel set is chosen here, by the instruction sets of the CPU (SkylakeX with AVX-512, Haswell
/// with AVX2): a library that is older than the CPU takes it for its oldest core, which made every
/// product 10 times slower (0.3.21 on an Emerald Rapids), and an inherited OPENBLAS_CORETYPE or
/// OPENBLAS_L2_SIZE may do the same; both are replaced in this process. It also means that two
/// machines with the same instruction sets compute the same bits. Who wants another core says so by
/// ORCHESTRATE_BLAS_CORE (a name for OPENBLAS_CORETYPE, `auto` for the library's own choice, `none`
/// for no library at all).
const orc_blas *orc_blas_load(void);

#endif
