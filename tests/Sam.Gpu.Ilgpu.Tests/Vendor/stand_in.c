/* Stands in for cuBLAS where there is no GPU: the functions that the library binds, with the signatures of NVIDIA's cublas_api.h, as plain
   loops over host memory. */
#include <stdlib.h>

typedef struct { void *stream; int mathMode; } Context;

int cublasCreate_v2(void **handle) { *handle = calloc(1, sizeof(Context)); return *handle ? 0 : 3; }
int cublasDestroy_v2(void *handle) { free(handle); return 0; }
int cublasSetStream_v2(void *handle, void *stream) { ((Context *)handle)->stream = stream; return 0; }
int cublasGetVersion_v2(void *handle, int *version) { *version = 120403; return 0; }

/* 0 is the default, 3 tf32; anything else is invalid here. */
int cublasSetMathMode(void *handle, int mode) { ((Context *)handle)->mathMode = mode; return mode == 0 || mode == 3 ? 0 : 7; }

#define GEMM(name, number) \
int name(void *handle, int opA, int opB, int m, int n, int k, const number *alpha, const number *A, int lda, long long strideA, \
         const number *B, int ldb, long long strideB, const number *beta, number *C, int ldc, long long strideC, int batch) \
{ \
    if (lda < (opA ? k : m) || ldb < (opB ? n : k) || ldc < m) return 7; \
    for (int item = 0; item < batch; item++) \
        for (int i = 0; i < m; i++) \
            for (int j = 0; j < n; j++) { \
                number sum = 0; \
                for (int l = 0; l < k; l++) \
                    sum += A[item * strideA + (opA ? l + (long long)i * lda : i + (long long)l * lda)] \
                         * B[item * strideB + (opB ? j + (long long)l * ldb : l + (long long)j * ldb)]; \
                number *c = C + item * strideC + i + (long long)j * ldc; \
                *c = *alpha * sum + (*beta == 0 ? 0 : *beta * *c); \
            } \
    return 0; \
}

GEMM(cublasSgemmStridedBatched, float)
GEMM(cublasDgemmStridedBatched, double)
