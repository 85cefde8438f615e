namespace Sam.Gpu.Experiments;

/// <summary>Whose spectrum is measured.</summary>
public enum CurvatureMatrix
{
    /// <summary>The Hessian of the loss.</summary>
    Hessian,

    /// <summary>The Gauss-Newton matrix Jᵀ (∇²loss) J: the Hessian less the curvature of the network itself.</summary>
    GaussNewton,
}
