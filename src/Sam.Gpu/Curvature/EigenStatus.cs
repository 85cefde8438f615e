namespace Sam.Gpu.Curvature;

/// <summary>How an eigenvalue measurement ended.</summary>
public enum EigenStatus
{
    /// <summary>Every wanted pair meets the tolerance.</summary>
    Converged,

    /// <summary>The allowed products were used up first.</summary>
    ProductLimit,

    /// <summary>The residuals do not get smaller any more: they have reached the rounding or the noise of the operator.</summary>
    Stagnated,

    /// <summary>The operator returned a NaN or an infinity, or a number too large to square.</summary>
    NotFinite,

    /// <summary>The caller ended it before that. The pairs are those of the last block, or NaN if there was none.</summary>
    Interrupted,
}
