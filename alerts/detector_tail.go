package alerts

import "math"

// surest bounds the evidence of one test, so that scores stay finite.
const surest = 300

// unlikely returns -log10 P(X >= n) where X is negative binomial with the given
// mean and variance mean + spread mean². n need not be whole. The probability
// is the regularised incomplete beta function I_x(n, 1/spread) at
// x = mean/(mean + 1/spread) (NIST Digital Library of Mathematical Functions,
// 8.17.5), taken as a logarithm so that the far tail does not underflow.
func unlikely(n, mean, spread float64) float64 {
	switch {
	case !(n > 0) || !(spread > 0) || math.IsInf(mean, 0) || math.IsNaN(mean):
		return 0
	case mean <= 0:
		return surest
	}
	size := 1 / spread
	v := -logBeta(n, size, mean/(mean+size)) / math.Ln10
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, 0), surest)
}

// logBeta is ln I_x(a, b), for a, b > 0. The continued fraction converges fast
// below the mean of the distribution; above it the symmetric form is used.
func logBeta(a, b, x float64) float64 {
	if x <= 0 {
		return math.Inf(-1)
	}
	if x >= 1 {
		return 0
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := lab - la - lb + a*math.Log(x) + b*math.Log1p(-x)
	if x < (a+1)/(a+b+2) {
		return min(0, front-math.Log(a)+math.Log(betaFraction(a, b, x)))
	}
	other := math.Exp(front-math.Log(b)) * betaFraction(b, a, 1-x)
	return math.Log1p(-min(other, 1-1e-15))
}

// betaFraction evaluates the continued fraction 8.17.22 of the same library by
// Lentz's method, in at most 500 double steps.
func betaFraction(a, b, x float64) float64 {
	const tiny = 1e-300
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	f := d
	for k := range 500 {
		m := float64(k + 1)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / away(1+even*d)
		c = away(1 + even/c)
		f *= c * d
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / away(1+odd*d)
		c = away(1 + odd/c)
		f *= c * d
		if math.Abs(c*d-1) < 1e-10 {
			break
		}
	}
	return f
}
